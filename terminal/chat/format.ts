import {
  emoticons,
  type KnownNames,
  type Message,
  type MessagePart,
  type ParticipantEvent,
} from '../../client/index.ts'
import { visible, visibleLines, visibleName } from '../command/visible.ts'

const clock = (time: string) => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

/** The name of a person, with the user id if another person of the room has the same name. */
export function personName(person: { user: string; name: string }, names: KnownNames): string {
  const id = names.idBeside(person)
  return id === undefined ? visibleName(person.name) : `${visibleName(person.name)} (${visibleName(id)})`
}

/** A short reference to a message: its author and its time. */
export const messageReference = ({ sentAt, from }: Message, names: KnownNames): string =>
  `${from ? personName(from, names) : ''}, ${clock(sentAt)}`

/** The lines of a message for a person; none for a removal and for an entry of an unknown kind. */
export function messageLines(message: Message, names: KnownNames): string[] {
  const { sentAt, from, title, alert, removed } = message
  const text = textWithAddresses(message)
  if (text === undefined && title === undefined && !removed) return []
  const mark = alert ? '❗ ' : ''
  const story = title === undefined ? '' : `«${visible(title)}» `
  const hasNoBody = removed !== undefined && !text
  const lines = hasNoBody ? [`(removed by ${visibleName(removed.by)})`] : visibleLines(text ?? '')
  const [first = '', ...rest] = lines
  return [`${clock(sentAt)} ${from ? personName(from, names) : ''}: ${mark}${story}${first}`, ...rest]
}

/** The text of a message, with the address of each link whose text is another. */
function textWithAddresses({ text, parts }: Message): string | undefined {
  if (!parts?.some((part) => part.type === 'link' && part.href !== part.text)) return text
  return parts.map(partText).join('')
}

function partText(part: MessagePart): string {
  if (part.type === 'link') return part.href === part.text ? part.text : `${part.text} <${part.href}>`
  if (part.type === 'roomLink') return part.name
  return part.type === 'emoticon' ? (emoticons[part.emoticon] ?? '') : part.text
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

export const participantLine = ({ event, user }: ParticipantEvent, names: KnownNames): string =>
  `${personName(user, names)} ${eventTexts[event]}`
