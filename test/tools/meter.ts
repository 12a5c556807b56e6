import type { DatabaseUsage, InvocationUsage, PostUsage } from '../../local/usage.ts'
import type { LocalRun } from '../support/local-run/local-run.ts'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'

interface Usage {
  dynamodb: DatabaseUsage[]
  posts: PostUsage[]
  invocations: InvocationUsage[]
}

/** The counts of the local run. */
export interface Counted {
  readUnits: number
  /** The read units of queries of a roster, and of a log. */
  rosterUnits: number
  logUnits: number
  writeUnits: number
  /** Finished runs of `$disconnect`, which no client waits for. */
  ends: number
  posts: number
  invocations: number
  errors: number
}

export class Meter {
  readonly #address: string

  constructor({ origin }: LocalRun) {
    this.#address = `${origin}/_local/usage`
  }

  /** Counts from zero until `isOver`, as functions may run after their replies. */
  async of(action: () => Promise<unknown>, isOver: (counted: Counted) => boolean = () => true): Promise<Counted> {
    await fetch(this.#address, { method: 'DELETE' })
    await action()
    for (;;) {
      const counted = summary(JSON.parse(await (await fetch(this.#address)).text()))
      if (isOver(counted)) return counted
    }
  }
}

function summary({ dynamodb, posts, invocations }: Usage): Counted {
  const sum = (units: (line: DatabaseUsage) => number, of: (line: DatabaseUsage) => boolean = Boolean) =>
    dynamodb.filter(of).reduce((total, line) => total + units(line), 0)
  const reads = (line: DatabaseUsage) => line.readUnits
  const queries = (table: string) => (line: DatabaseUsage) => line.operation === 'Query' && line.table.includes(table)
  return {
    readUnits: sum(reads),
    // A connect queries the same table for the user's other connections.
    rosterUnits: sum(reads, (line) => queries('Sessions')(line) && !line.function.includes('Connect')),
    logUnits: sum(reads, queries('Messages')),
    writeUnits: sum((line) => line.writeUnits),
    posts: calls(posts),
    invocations: calls(invocations),
    ends: calls(invocations.filter((line) => line.function.includes('Disconnect'))),
    errors: sum((line) => line.errors),
  }
}

const calls = (lines: readonly { calls: number }[]) => lines.reduce((total, line) => total + line.calls, 0)

/** A user with an id as long as those of a user pool. */
export const personAt = (at: number) => ({
  user: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
  name: `Person ${String(at).padStart(3, '0')}`,
})

export async function arrive(run: LocalRun, at: number, claims: Record<string, string> = {}): Promise<ChatSocket> {
  const { user, name } = personAt(at)
  return ChatSocket.open(run.url, await run.token(user, { name, ...claims }))
}

/** Sends a request and returns the reply, with the bytes of both. */
export async function exchange(socket: ChatSocket, action: string, fields: object = {}) {
  const requestBytes = bytesOf({ action, id: '1', ...fields })
  const reply = await socket.ask(action, fields)
  return { requestBytes, reply, replyBytes: bytesOf(reply) }
}

export const bytesOf = (frame: Frame): number => Buffer.byteLength(JSON.stringify(frame))

export const hasLeft = (at: number) => (frame: Frame) =>
  frame.type === 'participant' && frame.event === 'left' && frame.user.user === personAt(at).user

/** An id as long as those of clients. */
export const messageId = (at: number): string => `11111111-0000-4000-8000-${String(at).padStart(12, '0')}`
