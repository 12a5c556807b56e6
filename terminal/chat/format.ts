import type { Message, ParticipantEvent } from '../../client/index.ts'
import { visible, visibleLines, visibleName } from '../command/visible.ts'

const clock = (time: string) => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

/** A short reference to a message: its author and its time. */
export const messageReference = ({ sentAt, from }: Message): string =>
  `${visibleName(from?.name ?? '')}, ${clock(sentAt)}`

/** The lines of a message for a person; none for a removal and for an entry of an unknown kind. */
export function messageLines({ sentAt, from, text, title, alert, removed }: Message): string[] {
  if (text === undefined && title === undefined && !removed) return []
  const mark = alert ? '❗ ' : ''
  const story = title === undefined ? '' : `«${visible(title)}» `
  const hasNoBody = removed !== undefined && !text
  const lines = hasNoBody ? [`(removed by ${visibleName(removed.by)})`] : visibleLines(text ?? '')
  const [first = '', ...rest] = lines
  return [`${clock(sentAt)} ${visibleName(from?.name ?? '')}: ${mark}${story}${first}`, ...rest]
}

/** A removal for a person. `referenceAt` returns a reference to the message at a position, if it was printed. */
export function removalLine(
  { by, removes = [], removesOf, replacement }: Message,
  referenceAt: (seq: number) => string | undefined,
): string {
  if (removesOf !== undefined) return `* ${visibleName(by ?? '')} removed all messages of ${visibleName(removesOf)}.`
  const removed = removes.map((seq) => {
    const reference = referenceAt(seq)
    return reference === undefined ? String(seq) : `${seq} (${reference})`
  })
  const instead = replacement ? ` In its place stands: ${visible(replacement)}` : ''
  const noun = removes.length === 1 ? 'message' : 'messages'
  return `* ${visibleName(by ?? '')} removed ${noun} ${removed.join('; ')}.${instead}`
}

const eventTexts = { joined: 'came in', left: 'went out', changed: 'has other rights now' }

export const participantLine = ({ event, user }: ParticipantEvent): string =>
  `${visibleName(user.name)} ${eventTexts[event]}`
