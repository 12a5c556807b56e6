import { FormattedMessage } from '../../client/formatted-message.ts'
import { type Emoticon, emoticons, validBody } from '../../client/message.ts'
import { enqueue, firstTry, isOwn, nextStep, parse, remove, replace, startTry } from '../../client/outbox.ts'
import { message } from '../client/scripted-server.ts'

describe('a formatted message', () => {
  it('consists of its parts and their plain text', () => {
    const built = new FormattedMessage({ alert: true, title: 'T' })
      .appendText('See ')
      .appendLink('this', 'https://example.org')
      .appendEmoticon('wink')
      .appendRoomLink({ roomId: 'r', name: 'Lobby' })
      .toMessage()
    expect(built).toEqual({
      alert: true,
      title: 'T',
      text: 'See this;)Lobby',
      parts: [
        { type: 'text', text: 'See ' },
        { type: 'link', text: 'this', href: 'https://example.org' },
        { type: 'emoticon', emoticon: 'wink' },
        { type: 'roomLink', roomId: 'r', name: 'Lobby' },
      ],
    })
    expect(new FormattedMessage().appendText('x').toMessage()).toEqual({
      text: 'x',
      parts: [{ type: 'text', text: 'x' }],
    })
  })

  it('does not change after it was built', () => {
    const builder = new FormattedMessage().appendText('a')
    const first = builder.toMessage()
    builder.appendText('b')
    expect(first.parts).toHaveLength(1)
    expect(builder.toMessage().text).toBe('ab')
  })

  it.each<[string, () => unknown]>([
    ['text', () => new FormattedMessage().appendText('')],
    ['text', () => new FormattedMessage().appendLink('', 'https://a')],
    ['href', () => new FormattedMessage().appendLink('x', '')],
    ['roomId', () => new FormattedMessage().appendRoomLink({ roomId: '', name: 'x' })],
    ['name', () => new FormattedMessage().appendRoomLink({ roomId: 'r', name: '' })],
    ['emoticon', () => new FormattedMessage().appendEmoticon('toString' as Emoticon)],
    ['part', () => new FormattedMessage().toMessage()],
    ['text', () => new FormattedMessage().appendText(JSON.parse('5'))],
  ])('without a usable %s is refused', (what, build) => {
    expect(build).toThrow(TypeError)
    expect(build).toThrow(what)
  })

  it('has these emoticons', () => {
    expect(Object.values(emoticons).join(' ')).toBe(":) :( 8-) :-D :-O :-/ :'( :-P ;) >:O :-*")
  })
})

describe('the body of a message', () => {
  it('contains exactly the given fields', () => {
    expect(validBody('x')).toEqual({ text: 'x' })
    expect(validBody('x', { alert: false, clientMessageId: 'm', ifHead: 3 })).toEqual({ text: 'x' })
    const whole = { text: 'x', parts: [], alert: true, title: '', rich: { contentType: 'a/b', body: 'c' } }
    expect(validBody(whole)).toEqual(whole)
    expect(validBody('x', { ...whole, text: 'y' })).toEqual(whole)
    expect(validBody({ text: 'x', title: 'mine' }, { title: 'other', alert: true })).toEqual({
      text: 'x',
      title: 'mine',
      alert: true,
    })
  })

  it.each(['', ' \n\t', JSON.parse('null'), JSON.parse('5')])('must not be empty: %p', (text) => {
    expect(() => validBody({ text })).toThrow(TypeError)
  })

  it('has a maximum length in bytes, which is larger with a title', () => {
    expect(validBody('ü'.repeat(2048)).text).toHaveLength(2048)
    expect(() => validBody(`${'ü'.repeat(2048)}x`)).toThrow(RangeError)
    expect(() => validBody('x'.repeat(4097))).toThrow(/4096.*4097/)
    expect(validBody('x'.repeat(16_384), { title: 'T' }).text).toHaveLength(16_384)
    expect(() => validBody('x'.repeat(16_385), { title: 'T' })).toThrow(RangeError)
  })

  it('has a maximum total length', () => {
    const rich = (length: number) => ({ text: 'x', rich: { contentType: 'a/b', body: 'y'.repeat(length) } })
    const space = 24_576 - JSON.stringify(rich(0)).length
    expect(validBody(rich(space)).rich?.body).toHaveLength(space)
    expect(() => validBody(rich(space + 1))).toThrow(RangeError)
  })
})

describe('an outbox', () => {
  const pending = (clientMessageId: string) => ({ clientMessageId, body: { text: clientMessageId } })

  it('contains each message once', () => {
    const outbox = [pending('a'), pending('b')]
    expect(enqueue(outbox, { ...pending('a'), after: 1 })).toBe(outbox)
    expect(enqueue(outbox, pending('c'))).toEqual([pending('a'), pending('b'), pending('c')])
    expect(remove(outbox, pending('x'))).toEqual(outbox)
    expect(replace(outbox, { ...pending('b'), after: 3 })).toEqual([pending('a'), { ...pending('b'), after: 3 }])
  })

  it('stores whether a message was tried', () => {
    expect(startTry(pending('a'), 0)).toEqual({ ...pending('a'), after: 0, undecided: true })
    expect(startTry({ ...pending('a'), after: 0 }, 9).after).toBe(0)
    expect(firstTry(startTry(pending('a'), 4))).toEqual({ ...pending('a'), undecided: false })
  })

  it.each([
    ['[{"clientMessageId":"a","body":{"text":"x"}}]', 1],
    ['[{"clientMessageId":5,"body":{"text":"x"}}]', 0],
    ['[{"clientMessageId":"a","body":{"text":5}}]', 0],
    ['[{"clientMessageId":"a","body":null}]', 0],
    ['[{"clientMessageId":"a"}]', 0],
    ['["a",null,7]', 0],
    ['{"0":{}}', 0],
  ])('parses %s as %i messages', (text, count) => expect(parse(text)).toHaveLength(count))

  it('retries a retryable refusal with any code', () => {
    expect(nextStep({ code: 'not_joined', retryable: true })).toBe('retry')
  })

  it('recognizes its own message by id and author', () => {
    expect(isOwn(message(1, { clientMessageId: 'b' }), pending('a'), 'bob')).toBe(false)
    const { from: _, ...withoutAuthor } = message(1, { clientMessageId: 'a' })
    expect(isOwn(withoutAuthor, pending('a'), 'bob')).toBe(false)
  })
})
