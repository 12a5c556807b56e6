import type { HistoryPage, Message } from '../../client/index.ts'
import type { Connection } from './connection.ts'
import type { PushedEntry } from './frame.ts'

/** The whole log, page by page, as `history` answers it. */
export async function readLog(reader: Connection, roomId: string): Promise<Message[]> {
  const log: Message[] = []
  for (;;) {
    const after = log.at(-1)?.seq ?? 0
    // One room is asked for, so there is one page.
    const page = (await reader.ask('history', { roomId, after, limit: 200 })) as HistoryPage
    // A defective server may answer the same page for ever.
    const news = page.messages.filter(({ seq }) => seq > after)
    log.push(...page.messages)
    if (news.length === 0 || (log.at(-1)?.seq ?? 0) >= page.head) return log
  }
}

/** An entry as text, so that two readings can be compared. */
export const same = (entry: PushedEntry | undefined): string =>
  JSON.stringify(entry && [entry.seq, entry.sentAt, entry.from?.user, entry.clientMessageId, entry.text])
