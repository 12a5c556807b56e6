import type { Message, ParticipantEvent } from '../../client/index.ts'
import { visible, visibleLines, visibleName } from '../command/visible.ts'

const clock = (time: string) => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

/** A message in short, to refer to it: its author and its time. */
export const shortly = ({ sentAt, from }: Message): string => `${visibleName(from?.name ?? '')}, ${clock(sentAt)}`

/** A message as a person reads it, line by line; no line for a removal or an entry of an unknown kind. */
export function messageLines({ sentAt, from, text, title, alert, removed }: Message): string[] {
  if (text === undefined && title === undefined && !removed) return []
  const mark = alert ? '❗ ' : ''
  const story = title === undefined ? '' : `«${visible(title)}» `
  const isGone = removed !== undefined && !text
  const said = isGone ? [`(removed by ${visibleName(removed.by)})`] : visibleLines(text ?? '')
  const [first = '', ...rest] = said
  return [`${clock(sentAt)} ${visibleName(from?.name ?? '')}: ${mark}${story}${first}`, ...rest]
}

/** A removal as a person reads it. `known` answers the message at a position in short, where it was shown. */
export function removalLine({ by, removes = [], replacement }: Message, known: (seq: number) => string | undefined) {
  const which = removes.map((seq) => {
    const shown = known(seq)
    return shown === undefined ? String(seq) : `${seq} (${shown})`
  })
  const instead = replacement ? ` In its place stands: ${visible(replacement)}` : ''
  const noun = removes.length === 1 ? 'message' : 'messages'
  return `* ${visibleName(by ?? '')} removed ${noun} ${which.join('; ')}.${instead}`
}

const happenings = { joined: 'came in', left: 'went out', changed: 'has other rights now' }

export const attendanceLine = ({ event, user }: ParticipantEvent): string =>
  `${visibleName(user.name)} ${happenings[event]}`
