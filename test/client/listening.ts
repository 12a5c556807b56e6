import type { ChatClient, ChatRoomSession, ConnectionState, SessionEvents, StateChange } from '../../client/index.ts'
import { settled } from './manual-clock.ts'

type Name = keyof SessionEvents

/** Resolves with the next event that matches. */
export function next<Event extends Name>(
  session: ChatRoomSession,
  name: Event,
  matches: (event: SessionEvents[Event]) => boolean = () => true,
): Promise<SessionEvents[Event]> {
  return new Promise((resolve) => {
    const stop = session.on(name, (event) => {
      if (!matches(event)) return
      stop()
      resolve(event)
    })
  })
}

/** Collects all further events. */
export function collected<Event extends Name>(session: ChatRoomSession, name: Event): SessionEvents[Event][] {
  const events: SessionEvents[Event][] = []
  session.on(name, (event) => events.push(event))
  return events
}

/** Resolves when the client changes to this state. */
export function stateOf(client: ChatClient, state: ConnectionState): Promise<StateChange> {
  return new Promise((resolve) => {
    const stop = client.on('state', (change) => {
      if (change.state !== state) return
      stop()
      resolve(change)
    })
  })
}

/** Resolves with the error with which a promise rejects. */
export async function errorOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Error) return error
  throw new Error('The promise did not reject.')
}

/** What a promise has come to when all work is done that waits for no timer: a value, an error, or nothing yet. */
export async function outcomeOf(work: Promise<unknown>): Promise<{ value?: unknown; error?: unknown } | undefined> {
  let outcome: { value?: unknown; error?: unknown } | undefined
  work.then(
    (value) => {
      outcome = { value }
    },
    (error: unknown) => {
      outcome = { error }
    },
  )
  await settled()
  return outcome
}
