import { plainText } from '../protocol/plain-text.ts'
import { type Emoticon, emoticons, type MessageBody, type MessagePart } from './message.ts'

/** Builds a message of parts. Each `append…` returns the builder itself. */
export class FormattedMessage {
  readonly #parts: MessagePart[] = []
  readonly #rest: Pick<MessageBody, 'alert' | 'title'>

  constructor(rest: Pick<MessageBody, 'alert' | 'title'> = {}) {
    this.#rest = rest
  }

  appendText(text: string): this {
    return this.#append({ type: 'text', text: requireText(text, 'text') })
  }

  appendEmoticon(emoticon: Emoticon): this {
    if (!Object.hasOwn(emoticons, emoticon)) throw new TypeError(`There is no emoticon ${emoticon}.`)
    return this.#append({ type: 'emoticon', emoticon })
  }

  /** `href` is an http, https or mailto address. */
  appendLink(text: string, href: string): this {
    return this.#append({ type: 'link', text: requireText(text, 'text'), href: requireText(href, 'href') })
  }

  appendRoomLink({ roomId, name }: { roomId: string; name: string }): this {
    return this.#append({ type: 'roomLink', roomId: requireText(roomId, 'roomId'), name: requireText(name, 'name') })
  }

  /** The message for `send`: the parts, and their plain text as `text`. Throws a TypeError if there are no parts. */
  toMessage(): MessageBody {
    if (this.#parts.length === 0) throw new TypeError('A formatted message needs at least one part.')
    return { text: plainText(this.#parts), parts: [...this.#parts], ...this.#rest }
  }

  #append(part: MessagePart): this {
    this.#parts.push(part)
    return this
  }
}

function requireText(text: string, name: string): string {
  if (typeof text !== 'string' || text === '') throw new TypeError(`${name} must not be empty.`)
  return text
}
