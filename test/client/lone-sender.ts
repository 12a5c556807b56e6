import { localLocks } from '../../client/locks.ts'
import type { PendingMessage } from '../../client/outbox.ts'
import { PendingStore } from '../../client/pending-store.ts'
import { Sender } from '../../client/sender.ts'
import { HeldConnection } from './held-connection.ts'
import { ManualClock, settled } from './manual-clock.ts'
import { memoryStorage } from './memory-storage.ts'
import { message, roomId } from './scripted-server.ts'

export const outboxKey = `persistent-chat/outbox/alice/${roomId}`

export const pendingMessage = (clientMessageId: string, more: Partial<PendingMessage> = {}): PendingMessage => ({
  clientMessageId,
  body: { text: `text ${clientMessageId}` },
  ...more,
})

/** The entry of the log that this message of Alice became. */
export const storedAs = (seq: number, clientMessageId: string) =>
  message(seq, { clientMessageId, text: `text ${clientMessageId}`, from: { user: 'alice', name: 'Alice' } })

/** The fields of a try to send a message. */
export const tryOf = (clientMessageId: string, after: number) => ({
  roomId,
  text: `text ${clientMessageId}`,
  clientMessageId,
  after,
})

/** A sender of Alice without a session. `raised` has what it told, in order. */
export function loneSender() {
  const clock = new ManualClock()
  const storage = memoryStorage()
  const connection = new HeldConnection()
  const raised: (readonly [name: string, value: unknown])[] = []
  const position = { last: 7 }
  const tell = (name: string) => (value: unknown) => void raised.push([name, value])
  const sender = new Sender({
    clock,
    random: () => 0.5,
    pendingStore: new PendingStore(storage, localLocks(), 'me'),
    user: () => 'alice',
    last: () => position.last,
    sent: tell('sent'),
    stored: tell('stored'),
    failed: tell('failed'),
    rejoin: tell('rejoin'),
  })
  return {
    clock,
    storage,
    connection,
    raised,
    position,
    sender,
    /** The pending messages in the storage. */
    kept: (): object[] => JSON.parse(storage.kept.get(outboxKey) ?? '[]'),
  }
}

/** A sender in an open room, with a connection unless told otherwise. */
export async function openSender({ connected = true } = {}) {
  const lone = loneSender()
  void lone.sender.open(roomId)
  await settled()
  if (connected) lone.sender.use(lone.connection)
  await settled()
  return lone
}
