import { type Emoticon, emoticons, FormattedMessage, type MessageBody } from '../../client/index.ts'

interface Named {
  roomId: string
  name: string
}

/** Ways to type an emoticon besides the one that stands for it in plain text. */
const variants: Record<string, Emoticon> = {
  ':-)': 'smile',
  ':-(': 'frown',
  ';-)': 'wink',
  ':D': 'laughing',
  ':-D': 'laughing',
  ':O': 'shocked',
  ':P': 'tongue',
  ':/': 'confused',
  ':*': 'kissing',
  '8)': 'cool',
}

const typed = new Map<string, Emoticon>(Object.entries(variants))
for (const name of Object.keys(emoticons)) if (isEmoticon(name)) typed.set(emoticons[name], name)

const pattern = new RegExp(
  [
    String.raw`(?<address>\b(?:https?:\/\/|mailto:)[^\s<>"]+)`,
    String.raw`(?<=^|\s)(?<emoticon>${[...typed.keys()].map(escaped).join('|')})(?=$|[\s.,!?)])`,
    String.raw`(?<=^|[\s(])#(?<name>\S.*)`,
  ].join('|'),
  'g',
)

/** A message holds at most this many parts. */
const mostParts = 100

/** What was typed as what is sent: addresses, emoticons and `#rooms` become parts of their own. */
export function messageOf(text: string, rooms: readonly Named[], rest: Pick<MessageBody, 'alert' | 'title'> = {}) {
  const message = new FormattedMessage(rest)
  let [plain, parts] = ['', 0]
  const flush = () => {
    if (plain !== '') message.appendText(plain)
    if (plain !== '') parts++
    plain = ''
  }
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    const { address, emoticon, name } = match?.groups ?? {}
    plain += text.slice(at, match?.index)
    if (!match) break
    const link = address?.replace(/[.,;:!?)\]]+$/, '')
    const face = typed.get(emoticon ?? '')
    const room = name === undefined ? undefined : roomAt(name, rooms)
    if (link === undefined && !face && !room) {
      plain += '#'
      at = match.index + 1
      continue
    }
    flush()
    parts++
    if (link !== undefined) message.appendLink(link, link)
    if (face) message.appendEmoticon(face)
    if (room) message.appendRoomLink(room)
    at = match.index + (link ?? emoticon ?? `#${room?.name}`).length
  }
  flush()
  const { text: reading, parts: made, ...others } = message.toMessage()
  const isPlain = parts > mostParts || made?.every(({ type }) => type === 'text')
  return isPlain ? { text, ...others } : { text: reading, ...(made && { parts: made }), ...others }
}

/** The longest name that the text begins with. */
function roomAt(text: string, rooms: readonly Named[]): Named | undefined {
  return rooms
    .filter(
      ({ name }) => text.toLowerCase().startsWith(name.toLowerCase()) && !/^[\p{L}\d]/u.test(text.slice(name.length)),
    )
    .sort((a, b) => b.name.length - a.name.length)[0]
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function isEmoticon(name: string): name is Emoticon {
  return Object.hasOwn(emoticons, name)
}
