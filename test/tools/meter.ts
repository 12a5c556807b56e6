import type { DatabaseUsage, InvocationUsage, PostUsage } from '../../local/usage.ts'
import type { LocalRun } from '../support/local-run/local-run.ts'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'

interface Usage {
  dynamodb: DatabaseUsage[]
  posts: PostUsage[]
  invocations: InvocationUsage[]
}

/** What the local run counted. */
export interface Counted {
  readUnits: number
  /** Of the read units, those for who is in a room, and those for what was said there. */
  rosterUnits: number
  logUnits: number
  writeUnits: number
  /** Runs of `$disconnect`, for which nobody waits; counted when they are over. */
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

  /** Counts from zero; what runs after an answer is counted as soon as it is so far. */
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
    // A connect asks the same table for a user's other connections.
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

/** Somebody with an identity as long as a user pool makes it. */
export const personAt = (at: number) => ({
  user: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
  name: `Person ${String(at).padStart(3, '0')}`,
})

export async function arrive(run: LocalRun, at: number, claims: Record<string, string> = {}): Promise<ChatSocket> {
  const { user, name } = personAt(at)
  return ChatSocket.open(run.url, await run.token(user, { name, ...claims }))
}

/** A request with the bytes that travel for it. */
export async function asking(socket: ChatSocket, action: string, fields: object = {}) {
  const asked = bytesOf({ action, id: '1', ...fields })
  const reply = await socket.ask(action, fields)
  return { asked, reply, answered: bytesOf(reply) }
}

export const bytesOf = (frame: Frame): number => Buffer.byteLength(JSON.stringify(frame))

export const hasLeft = (at: number) => (frame: Frame) =>
  frame.type === 'participant' && frame.event === 'left' && frame.user.user === personAt(at).user

/** As long as the ids that clients draw. */
export const messageId = (at: number): string => `11111111-0000-4000-8000-${String(at).padStart(12, '0')}`
