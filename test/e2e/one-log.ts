import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import type { RetryingClient } from '../support/socket/retrying-client.ts'

/** Reads the whole log with history. */
export async function readLog(reader: ChatSocket, roomId: string): Promise<Frame[]> {
  const log: Frame[] = []
  for (;;) {
    const after = log.at(-1)?.seq ?? 0
    const { messages, head } = await reader.ask('history', { roomId, after, limit: 200 })
    log.push(...messages)
    if ((log.at(-1)?.seq ?? 0) >= head || messages.length === 0) return log
  }
}

/**
 * Expects a log without gaps that has each message once, at the acknowledged position, and that equals the view of
 * each author.
 */
export function expectOneLog(log: Frame[], authors: RetryingClient[], count: number): void {
  expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: count * authors.length }, (_, at) => at + 1))
  const times = log.map(({ sentAt }) => sentAt)
  expect(times).toEqual([...times].sort())
  for (const { user, acknowledged, contradictions, view } of authors) {
    const own = log.filter((message) => message.from.user === user)
    expect(own.map(({ text }) => text)).toEqual(Array.from({ length: count }, (_, n) => `${user} ${n}`))
    expect(Object.fromEntries(acknowledged)).toEqual(Object.fromEntries(own.map(({ text, seq }) => [text, seq])))
    expect(contradictions).toEqual([])
    expect(view).toEqual(log)
  }
}

export type Figures = RetryingClient['figures']

/** Adds up the figures of all authors. */
export function figuresOf(authors: RetryingClient[]): Figures {
  const sum: Figures = { cuts: 0, tries: 0, duplicates: 0, dropped: 0, gaps: 0, resyncs: 0, rejoins: 0, refused: 0 }
  for (const { figures } of authors) {
    for (const name of Object.keys(sum) as (keyof Figures)[]) sum[name] += figures[name]
  }
  return sum
}
