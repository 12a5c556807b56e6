import { isKnown, type Message } from './message.ts'
import type { HistoryPage, Replies, RoomPages } from './requests.ts'

const wrongReply = () => new TypeError('The server answered another query than the one that was sent.')

/** The reply to a query about one room. */
export function onePage(reply: Replies['history']): HistoryPage {
  if ('rooms' in reply) throw wrongReply()
  return reply
}

/** The reply to a query about several rooms. */
export function roomPages(reply: Replies['history']): RoomPages {
  if ('rooms' in reply) return reply
  throw wrongReply()
}

/** The page without entries of unknown kinds. */
export const withKnown = <Page extends { messages: Message[] }>(page: Page): Page => ({
  ...page,
  messages: page.messages.filter(isKnown),
})
