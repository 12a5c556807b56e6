import { checkUrl, failedHandshake, handshakeError, messageOf, withoutSecrets } from '../../client/handshake.ts'
import { platformWebSocket } from '../../client/web-socket.ts'

const jwt = (claims: object) => `e30.${btoa(JSON.stringify(claims))}.c2ln`
const nowMs = 1_700_000_000_000
const valid = jwt({ exp: nowMs / 1000 + 1 })
const expired = jwt({ exp: nowMs / 1000 })

describe('the event of a failed handshake', () => {
  it.each<[unknown, object]>([
    [undefined, {}],
    [null, {}],
    [{}, {}],
    [{ message: '' }, {}],
    [
      { message: 'Odd.', error: 7 },
      { message: 'Odd.', cause: 7 },
    ],
    [{ message: 'Unexpected server response: 401' }, { status: 401, message: 'Unexpected server response: 401' }],
    [{ message: 'Unexpected response: 401 times' }, { message: 'Unexpected response: 401 times' }],
    [{ message: 'Unexpected response: 40' }, { message: 'Unexpected response: 40' }],
    [{ message: 'Unexpected response: 4011' }, { message: 'Unexpected response: 4011' }],
    [{ message: 'Irresponse: 401' }, { message: 'Irresponse: 401' }],
  ])('%j has the details %j', (event, details) => expect(failedHandshake(event)).toStrictEqual(details))
})

describe('the error of a failed handshake', () => {
  const refused = { code: 'ECONNREFUSED' }

  it.each<[string, Parameters<typeof handshakeError>[0], string, string, string]>([
    ['401', { status: 401 }, valid, 'unauthorized', '(401).'],
    ['401 with an expired token', { status: 401 }, expired, 'unauthorized', '(401). It has expired.'],
    ['403', { status: 403 }, valid, 'misconfigured', '(403)'],
    ['404', { status: 404 }, valid, 'misconfigured', '404.'],
    ['499', { status: 499 }, valid, 'misconfigured', '499.'],
    ...[408, 410, 425, 429, 500, 503].map(
      (status) => [`${status}`, { status }, valid, 'unreachable', `answered ${status}.`] as const,
    ),
    [
      'another subprotocol',
      { message: 'Server sent no subprotocol' },
      valid,
      'misconfigured',
      'The server does not speak chat.v1.',
    ],
    ['an error of the network', { cause: refused }, expired, 'unreachable', 'ECONNREFUSED'],
    ['an expired token', { cause: 7 }, expired, 'unauthorized', 'It has expired.'],
    ['a token that is no JWT', {}, 'secret', 'unauthorized', 'It is no JWT.'],
  ] as [string, Parameters<typeof handshakeError>[0], string, string, string][])(
    'tells of %s',
    (_, handshake, token, code, words) => {
      const error = handshakeError(handshake, token, nowMs)
      expect(error).toMatchObject({ name: 'ConnectionError', code, message: expect.stringContaining(words) })
      expect(error?.message).toBe(error?.message.trim())
    },
  )

  it.each<[string, Parameters<typeof handshakeError>[0], unknown]>([
    ['the error of the platform', { status: 500, message: 'm', cause: refused }, refused],
    ['its message', { status: 500, message: 'm' }, 'm'],
    ['nothing', { status: 500 }, undefined],
  ])('has %s as its cause', (_, handshake, cause) => expect(handshakeError(handshake, valid, nowMs)?.cause).toBe(cause))

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ECONNREFUSED'],
    ['an object without a code', {}],
    ['a code that is a number', { code: 7 }],
    ['a list of codes', { code: ['EPIPE'] }],
    ['a code of another kind', { code: 'UND_ERR' }],
    ['a code with other letters', { code: 'Econnrefused' }],
    ['a code that only ends like one', { code: 'AN_EPIPE' }],
    ['a code that only begins like one', { code: 'EPIPE_AT' }],
  ])('is unknown if the platform gives %s and the token is valid', (_, cause) => {
    expect(handshakeError({ cause }, valid, nowMs)).toBeUndefined()
    expect(handshakeError({ cause, message: 'Odd.' }, jwt({}), nowMs)).toBeUndefined()
  })
})

describe('the URL of a chat', () => {
  it.each(['wss://here', 'ws://here:8080/chat', 'WSS://here/chat?stage=1', 'wss://here?x'])('may be %s', (url) =>
    expect(checkUrl(url)).toBeUndefined(),
  )

  it.each([
    '',
    ' wss://here',
    'wss:///chat',
    'wss://here/chat#top',
    'wss://here/a b',
    'wsss://here',
    'xws://here',
    'wss://?a',
  ])('may not be %j', (url) => {
    const error = checkUrl(url)
    expect(error).toMatchObject({ code: 'misconfigured' })
    expect(error?.message).toContain(JSON.stringify(withoutSecrets(url)))
  })

  it('may be no object', () => expect(checkUrl(Object('wss://here'))).toMatchObject({ code: 'misconfigured' }))

  it.each([
    ['wss://me:secret@here/chat', 'wss://…@here/chat'],
    ['wss://a@b/c and wss://d@e/f', 'wss://…@b/c and wss://…@e/f'],
    ['wss://here/a@b', 'wss://here/a@b'],
    ['wss://here?at=me@home', 'wss://here?…'],
    ['wss://here/chat?token=secret#top or ?x=y z', 'wss://here/chat?…#top or ?… z'],
    ['wss:// @', 'wss:// @'],
    ['wss://@here', 'wss://…@here'],
  ])('is shown without secrets: %s', (url, shown) => expect(withoutSecrets(url)).toBe(shown))
})

describe('a thrown value', () => {
  it.each<[unknown, string]>([
    [new TypeError('Odd.'), 'Odd.'],
    ['odd', 'odd'],
    [7, '7'],
  ])('is shown by its message or as a text', (thrown, text) => expect(messageOf(thrown)).toBe(text))
})

describe('the WebSocket of the platform', () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket')
  const replace = (value: unknown) =>
    Object.defineProperty(globalThis, 'WebSocket', { value, configurable: true, writable: true })
  afterEach(() => {
    if (before) Object.defineProperty(globalThis, 'WebSocket', before)
    else Reflect.deleteProperty(globalThis, 'WebSocket')
  })

  it('is used if there is one', () => {
    class Own {}
    replace(Own)
    expect(platformWebSocket()).toBe(Own)
  })

  it('must be given to the client if there is none', () => {
    replace(undefined)
    expect(() => platformWebSocket()).toThrow(TypeError)
    expect(() => platformWebSocket()).toThrow('`webSocket`')
  })
})
