import { deferred } from '../../client/deferred.ts'
import { ChatError, ConnectionError } from '../../client/errors.ts'
import { Opener, type OpenerOptions } from '../../client/opener.ts'
import { NoReply, type Socket } from '../../client/socket.ts'
import { BareSocket } from '../client/bare-socket.ts'
import { ManualClock, settled } from '../client/manual-clock.ts'
import { outcomeOf } from '../client/outcome.ts'

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`
const valid = jwt({ exp: 4_000_000_000 })

/** An opener with its clock, the sockets that it has made and what its WebSockets were made of. */
function anOpener(options: Partial<OpenerOptions> = {}) {
  const [clock, sockets, made] = [new ManualClock(), [] as BareSocket[], [] as unknown[][]]
  const closed: unknown[][] = []
  class Recorded extends BareSocket {
    constructor(...args: unknown[]) {
      super()
      made.push(args)
      sockets.push(this)
    }
  }
  const opener = new Opener(
    {
      url: 'wss://here/chat',
      token: () => valid,
      webSocket: Recorded,
      clock,
      timeoutMs: 15_000,
      isReachable: async () => false,
      ...options,
    },
    { push: () => undefined, onTimeout: () => undefined, closed: (...args) => closed.push(args) },
  )
  /** Starts to open, until the WebSocket waits for the server. */
  const opening = async (use: Parameters<Opener['open']>[0] = () => Promise.resolve(), wasConnected = false) => {
    const work = opener.open(use, wasConnected)
    work.catch(() => undefined)
    await settled()
    return { work, raw: sockets.at(-1) }
  }
  return { opener, clock, sockets, made, closed, opening }
}

const failure = (code: string, more: object = {}) => expect.objectContaining({ name: 'ConnectionError', code, ...more })

describe('an opener', () => {
  it.each([
    ['the end of its token', valid, 4_000_000_000_000],
    ['no end if the token names none', jwt({}), undefined],
  ])('opens a WebSocket with the token, and knows %s', async (_, token, endsAt) => {
    const { clock, made, opening } = anOpener({ token: async () => token })
    const used = deferred<void>()
    const { work, raw } = await opening(() => used.promise)
    expect([made, clock.due]).toEqual([[['wss://here/chat', ['chat.v1', `bearer.${token}`]]], [20_000]])
    raw?.raise('open')
    expect([await outcomeOf(work), clock.due]).toEqual(['pending', []])
    used.resolve()
    expect(await outcomeOf(work)).toMatchObject({ endsAt, socket: { isOpen: true } })
    expect(raw?.closes).toEqual([])
  })

  it('refuses a wrong URL before it asks for a token', async () => {
    const token = jest.fn(() => valid)
    const { opening } = anOpener({ url: 'https://here', token })
    expect(await outcomeOf((await opening()).work)).toEqual(failure('misconfigured'))
    expect(token).not.toHaveBeenCalled()
  })

  it('tells which connection is being opened', async () => {
    const { opener, opening } = anOpener()
    const { work: first, raw } = await opening()
    raw?.raise('open')
    const { socket } = await first
    expect(opener.isOpeningOther(socket)).toBe(false)
    const used = jest.fn(async (next) => {
      expect([opener.isOpeningOther(socket), opener.isOpeningOther(next)]).toEqual([true, false])
    })
    const second = await opening(used)
    expect(opener.isOpeningOther(socket)).toBe(true)
    second.raw?.raise('open')
    await second.work
    expect([used.mock.calls.length, opener.isOpeningOther(socket)]).toEqual([1, false])
  })

  it('tells of the present attempt when an earlier one ends late', async () => {
    const check = deferred<boolean>()
    const { opener, opening, closed } = anOpener({ isReachable: () => check.promise })
    const { raw } = await opening()
    raw?.raise('error', {})
    await settled()
    opener.dispose()
    await opening()
    check.resolve(false)
    await settled()
    expect(opener.isOpeningOther(closed[0]?.[0] as Socket)).toBe(true)
  })

  it('ends its attempts and closes its connections on demand', async () => {
    const { opener, sockets, opening, clock, closed } = anOpener()
    const { raw } = await opening()
    raw?.raise('open')
    await settled()
    const gone = await opening()
    gone.raw?.raise('open')
    gone.raw?.raise('close', { code: 1001 })
    const { work } = await opening()
    const isCurrent = opener.attempt
    expect(isCurrent()).toBe(true)
    opener.dispose()
    expect([isCurrent(), opener.attempt()]).toEqual([false, true])
    expect(await outcomeOf(work)).toEqual(failure('unreachable'))
    expect(sockets[0]?.closes).toEqual([[1000]])
    expect(closed.map(([, code]) => code)).toEqual([1001, undefined, undefined])
    expect(clock.due).toEqual([])
  })

  it('knows no connection that has closed', async () => {
    const { opener, opening } = anOpener()
    const { raw } = await opening()
    raw?.raise('open')
    await settled()
    raw?.raise('close', { code: 1001 })
    opener.dispose()
    expect(raw?.closes).toEqual([])
  })
})

describe('a token', () => {
  it.each(['a', 'azAZ09_.~+/=-'])('may have all characters of a subprotocol: %s', async (token) => {
    const { opening, made } = anOpener({ token: () => token })
    await opening()
    expect(made).toEqual([['wss://here/chat', ['chat.v1', `bearer.${token}`]]])
  })

  it.each(['', ' a', 'a ', 'a b', 'a,b', undefined, 7])('may be no other text or value: %j', async (token) => {
    const { opening, made } = anOpener({ token: () => token as string })
    const error = await outcomeOf((await opening()).work)
    expect(error).toEqual(failure('unauthorized', { cause: expect.objectContaining({ name: 'TypeError' }) }))
    expect(made).toEqual([])
  })

  const offline = new ConnectionError('Offline.', 'unreachable')
  const odd = new RangeError('Odd.')

  it.each<[string, boolean, unknown, unknown]>([
    ['on the first connection', false, odd, failure('unauthorized', { message: expect.stringContaining('Odd.') })],
    ['on a later connection', true, odd, failure('unreachable', { message: expect.stringContaining('Odd.') })],
    ['with a text as its error', false, 'odd', failure('unauthorized', { message: expect.stringContaining('odd') })],
    ['with an error of a connection', false, offline, offline],
  ])('that fails %s tells why', async (_, wasConnected, thrown, expected) => {
    const { opener, opening, clock } = anOpener({ token: () => Promise.reject(thrown) })
    const error = await outcomeOf((await opening(undefined, wasConnected)).work)
    expect(error).toEqual(expected)
    expect((error as Error).cause ?? thrown).toBe(thrown)
    expect(opener.hadNoToken(error as ConnectionError)).toBe(true)
    expect(opener.hadNoToken(new ConnectionError('Other.', 'unreachable'))).toBe(false)
    expect(clock.due).toEqual([])
  })

  it('must come within 20 seconds', async () => {
    const { opener, opening, clock, made } = anOpener({ token: () => new Promise(() => undefined) })
    const { work } = await opening()
    await clock.pass(19_999)
    expect(await outcomeOf(work)).toBe('pending')
    await clock.pass(1)
    const error = await outcomeOf(work)
    expect(error).toEqual(failure('unreachable'))
    expect([opener.hadNoToken(error as ConnectionError), made]).toEqual([true, []])
  })

  it('that comes after the attempt has ended is not used, and leaves no timer', async () => {
    const token = deferred<string>()
    const { opener, opening, clock, made } = anOpener({ token: () => token.promise })
    const { work } = await opening()
    opener.dispose()
    expect(clock.due).toEqual([])
    token.resolve(valid)
    expect(await outcomeOf(work)).toEqual(failure('unreachable'))
    expect(made).toEqual([])
  })
})

describe('a WebSocket', () => {
  it('that does not open within 20 seconds is closed', async () => {
    const { opening, clock } = anOpener()
    const { work, raw } = await opening()
    await clock.pass(19_999)
    expect([await outcomeOf(work), raw?.closes]).toEqual(['pending', []])
    await clock.pass(1)
    expect(await outcomeOf(work)).toEqual(failure('unreachable', { message: expect.stringContaining('20 seconds') }))
    expect(raw?.closes[0]).toEqual([1000])
  })

  it('that the platform refuses to make is reported without secrets', async () => {
    class Refused extends BareSocket {
      constructor() {
        super()
        throw new SyntaxError('wss://me:secret@here is invalid')
      }
    }
    const error = await outcomeOf((await anOpener({ webSocket: Refused }).opening()).work)
    expect(error).toEqual(failure('misconfigured', { cause: expect.objectContaining({ name: 'SyntaxError' }) }))
    expect((error as Error).message).toContain('//…@here is invalid')
  })

  it('whose handshake was refused with a status tells it', async () => {
    const isReachable = jest.fn(async () => true)
    const { opening } = anOpener({ isReachable })
    const { work, raw } = await opening()
    raw?.raise('error', { message: 'Unexpected server response: 404' })
    expect(await outcomeOf(work)).toEqual(failure('misconfigured', { message: expect.stringContaining('404') }))
    expect(isReachable).not.toHaveBeenCalled()
  })

  it.each<[string, boolean, OpenerOptions['isReachable'], string, number]>([
    ['unauthorized if a server answers', false, async () => true, 'unauthorized', 1],
    ['unreachable if none answers', false, async () => false, 'unreachable', 1],
    ['unreachable if the check fails', false, () => Promise.reject(new Error('No.')), 'unreachable', 1],
    ['unreachable, without a check, if the client was connected', true, async () => true, 'unreachable', 0],
  ])('whose handshake failed without a reason counts as %s', async (_, wasConnected, check, code, checks) => {
    const isReachable = jest.fn(check)
    const { opening, clock } = anOpener({ isReachable })
    const { work, raw } = await opening(undefined, wasConnected)
    raw?.raise('error', {})
    expect(await outcomeOf(work)).toEqual(failure(code, { cause: expect.objectContaining({ name: 'NotOpened' }) }))
    expect(isReachable.mock.calls).toEqual(Array(checks).fill(['wss://here/chat']))
    expect(clock.due).toEqual([])
  })

  it('whose handshake failed is not refused as long as the check of the server lasts, at most 20 seconds', async () => {
    const { opener, opening, clock } = anOpener({ isReachable: () => new Promise(() => undefined) })
    const { work, raw } = await opening()
    raw?.raise('error', {})
    await settled()
    expect(clock.due).toEqual([20_000])
    await clock.pass(19_999)
    expect(await outcomeOf(work)).toBe('pending')
    await clock.pass(1)
    expect(await outcomeOf(work)).toEqual(failure('unreachable'))
    const again = await opening()
    again.raw?.raise('error', {})
    await settled()
    opener.dispose()
    expect(clock.due).toEqual([])
  })
})

describe('an open connection', () => {
  const refusal = (retryable: boolean) => new ChatError({ code: 'forbidden', message: 'No.', retryable })
  const own = new ConnectionError('Mine.', 'closed')

  it.each<[string, unknown, unknown]>([
    ['for good', refusal(false), failure('misconfigured', { message: 'No.', cause: refusal(false) })],
    ['for now', refusal(true), failure('unreachable', { cause: refusal(true) })],
    ['by silence', new NoReply('timeout'), failure('unreachable', { cause: new NoReply('timeout') })],
    ['with an error of a connection', own, own],
  ])('that cannot be used, %s, is closed', async (_, thrown, expected) => {
    const { opening, clock } = anOpener({ isReachable: async () => true })
    const { work, raw } = await opening(() => Promise.reject(thrown))
    raw?.raise('open')
    expect(await outcomeOf(work)).toEqual(expected)
    expect([raw?.closes, clock.due]).toEqual([[[1000]], []])
  })

  it('that ends while it is prepared is not used', async () => {
    const used = deferred<void>()
    const { work, raw } = await anOpener().opening(() => used.promise)
    raw?.raise('open')
    await settled()
    raw?.raise('close', { code: 1006 })
    used.resolve()
    const cause = expect.objectContaining({ name: 'NoReply', reason: 'closed' })
    expect(await outcomeOf(work)).toEqual(failure('unreachable', { cause }))
  })
})
