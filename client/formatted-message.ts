import { type Emoticon, emoticons, type MessageBody, type MessagePart } from './message.ts'

/** Builds a message of parts. Each `append…` answers the builder itself. */
export class FormattedMessage {
  readonly #parts: MessagePart[] = []
  readonly #rest: Pick<MessageBody, 'alert' | 'title'>

  constructor(rest: Pick<MessageBody, 'alert' | 'title'> = {}) {
    this.#rest = rest
  }

  appendText(text: string): this {
    return this.#append({ type: 'text', text: filled(text, 'text') })
  }

  appendEmoticon(emoticon: Emoticon): this {
    if (!Object.hasOwn(emoticons, emoticon)) throw new TypeError(`There is no emoticon ${emoticon}.`)
    return this.#append({ type: 'emoticon', emoticon })
  }

  /** `href` is an http, https or mailto address. */
  appendLink(text: string, href: string): this {
    return this.#append({ type: 'link', text: filled(text, 'text'), href: filled(href, 'href') })
  }

  appendRoomLink({ roomId, name }: { roomId: string; name: string }): this {
    return this.#append({ type: 'roomLink', roomId: filled(roomId, 'roomId'), name: filled(name, 'name') })
  }

  /** What `send` takes: the parts, and as `text` what they read as. A message without parts is a TypeError. */
  toMessage(): MessageBody {
    if (this.#parts.length === 0) throw new TypeError('A formatted message needs at least one part.')
    return { text: this.#parts.map(reading).join(''), parts: [...this.#parts], ...this.#rest }
  }

  #append(part: MessagePart): this {
    this.#parts.push(part)
    return this
  }
}

function reading(part: MessagePart): string {
  if (part.type === 'emoticon') return emoticons[part.emoticon]
  return part.type === 'roomLink' ? part.name : part.text
}

function filled(text: string, what: string): string {
  if (typeof text !== 'string' || text === '') throw new TypeError(`${what} must not be empty.`)
  return text
}
