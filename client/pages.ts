import { isKnown, type Message } from './message.ts'
import type { HistoryPage, Replies, RoomPages } from './requests.ts'

const otherQuestion = () => new TypeError('The server answered another question than the one that was asked.')

/** The answer to a question about one room. */
export function onePage(reply: Replies['history']): HistoryPage {
  if ('rooms' in reply) throw otherQuestion()
  return reply
}

/** The answer to a question about several rooms. */
export function roomPages(reply: Replies['history']): RoomPages {
  if ('rooms' in reply) return reply
  throw otherQuestion()
}

/** Without the entries of kinds that this version does not know. */
export const withKnown = <Page extends { messages: Message[] }>(page: Page): Page => ({
  ...page,
  messages: page.messages.filter(isKnown),
})
