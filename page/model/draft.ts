import { type Emoticon, emoticons, FormattedMessage, type MessageBody } from '../../client/index.ts'

interface NamedRoom {
  roomId: string
  name: string
}

/** Other ways to type an emoticon than its plain text. */
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

const emoticonsByText = new Map<string, Emoticon>(Object.entries(variants))
for (const name of Object.keys(emoticons)) if (isEmoticon(name)) emoticonsByText.set(emoticons[name], name)

const pattern = new RegExp(
  [
    String.raw`(?<url>\b(?:https?:\/\/|mailto:)[^\s<>"]+)`,
    String.raw`(?<=^|\s)(?<emoticon>${[...emoticonsByText.keys()].map(escaped).join('|')})(?=$|[\s.,!?)])`,
    String.raw`(?<=^|[\s(])#(?<name>\S.*)`,
  ].join('|'),
  'g',
)

/** The server accepts at most this many parts. */
const maxParts = 100

/** The message for a typed text. URLs, emoticons and `#rooms` become parts. */
export function messageOf(text: string, rooms: readonly NamedRoom[], rest: Pick<MessageBody, 'alert' | 'title'> = {}) {
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
    const { url, emoticon, name } = match?.groups ?? {}
    plain += text.slice(at, match?.index)
    if (!match) break
    const link = url?.replace(/[.,;:!?)\]]+$/, '')
    const emoticonName = emoticonsByText.get(emoticon ?? '')
    const room = name === undefined ? undefined : roomAt(name, rooms)
    if (link === undefined && !emoticonName && !room) {
      plain += '#'
      at = match.index + 1
      continue
    }
    flush()
    parts++
    if (link !== undefined) message.appendLink(link, link)
    if (emoticonName) message.appendEmoticon(emoticonName)
    if (room) message.appendRoomLink(room)
    at = match.index + (link ?? emoticon ?? `#${room?.name}`).length
  }
  flush()
  const { text: plainText, parts: made, ...others } = message.toMessage()
  const isPlain = parts > maxParts || made?.every(({ type }) => type === 'text')
  return isPlain ? { text, ...others } : { text: plainText, ...(made && { parts: made }), ...others }
}

/** The room with the longest name that the text begins with. */
function roomAt(text: string, rooms: readonly NamedRoom[]): NamedRoom | undefined {
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
