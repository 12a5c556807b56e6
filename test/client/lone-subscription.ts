import type { ClientPorts, Subscriber } from '../../client/client-ports.ts'
import { Emitter } from '../../client/emitter.ts'
import { JoinedRooms } from '../../client/joined-rooms.ts'
import { localLocks } from '../../client/locks.ts'
import { PendingStore } from '../../client/pending-store.ts'
import type { JoinReply } from '../../client/requests.ts'
import type { JoinOptions, SessionEvents } from '../../client/session-events.ts'
import { Subscription } from '../../client/subscription.ts'
import { HeldConnection } from './held-connection.ts'
import { ManualClock, settled } from './manual-clock.ts'
import { memoryStorage } from './memory-storage.ts'
import { message, room, you } from './scripted-server.ts'

const eventNames = [
  'message',
  'removal',
  'participant',
  'room',
  'rights',
  'gap',
  'reset',
  'sent',
  'failed',
  'live',
] as const satisfies (keyof SessionEvents)[]

/** A room with one participant, whose log ends at `head`. */
export const joinReply = (head: number, more: object = {}): JoinReply => ({
  room: room as JoinReply['room'],
  you: you as JoinReply['you'],
  participants: [],
  messages: [],
  head,
  floor: 1,
  epoch: 'first',
  complete: true,
  ...more,
})

/** Messages at these positions and all between. */
export const messagesFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => message(first + at))

/** A subscription of Alice without a client. `raised` has its events and its end in order. */
export function loneSubscription() {
  const clock = new ManualClock()
  const connection = new HeldConnection()
  const rooms = new JoinedRooms()
  const storage = memoryStorage()
  const raised: (readonly [name: string, value: unknown])[] = []
  const toldToMove: Subscriber[] = []
  const events = new Emitter<SessionEvents>()
  for (const name of eventNames) events.on(name, (event) => raised.push([name, event]))
  const ports: ClientPorts = {
    clock,
    random: () => 0.5,
    gapMs: 300,
    newId: () => 'new',
    user: () => 'alice',
    pendingStore: new PendingStore(storage, localLocks(), 'me'),
    rooms,
    stopped: () => new Promise(() => undefined),
    ask: async (verb, fields, idempotent) => ({
      reply: await connection.ask(verb, { ...fields, idempotent }),
      connection,
    }),
    join: () => Promise.reject(new Error('A test joins by itself.')),
    moveIfNeeded: (subscriber) => void toldToMove.push(subscriber),
  }
  const subscription = new Subscription(ports, events, (reason) => raised.push(['end', reason]))
  return { clock, connection, rooms, storage, events, raised, toldToMove, subscription }
}

/** A subscription that has joined on its connection. What the join itself raises is left out, unless it is asked for. */
export async function joinedSubscription(
  reply: JoinReply = joinReply(7),
  { keepRaised = false, ...options }: JoinOptions & { keepRaised?: boolean } = {},
) {
  const lone = loneSubscription()
  lone.subscription.enter(reply, lone.connection, options.after)
  lone.subscription.start(reply, lone.connection, options)
  await settled()
  if (!keepRaised) {
    lone.raised.length = 0
    lone.toldToMove.length = 0
  }
  return lone
}
