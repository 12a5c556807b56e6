import { Meter } from '../../lambdas/domain/budget/meter.ts'
import type { Figure } from '../../lambdas/domain/metrics.ts'
import { admit, type Handshake, type HandshakePorts } from '../../lambdas/handshake.ts'
import { carriedGroups } from '../../lambdas/tokens/groups.ts'
import { networkOf } from '../../lambdas/tokens/guests.ts'
import { MemoryWatch } from '../support/memory/watch.ts'

const methodArn = 'arn:aws:execute-api:eu-central-1:123456789012:api-1/chat/$connect'
const nowMs = 1_700_000_000_500
const secret = 'A-_z'.repeat(11)

let watch: MemoryWatch
let asked: string[][]
let networks: string[]

beforeEach(() => {
  watch = new MemoryWatch()
  asked = []
  networks = []
})

/** Ports that admit ana with these groups, of which those that begin with `named` are named. */
const portsOf = (groups: string[] = [], more: Partial<HandshakePorts> = {}): HandshakePorts => ({
  sources: [{ issuer: 'https://one.example', audience: ['a'], services: [] }],
  verify: async () => ({ user: 'ana', name: 'Ana', groups, exp: 1 }),
  origins: [],
  adminGroup: 'root',
  guests: [],
  namedAmong: async (among) => {
    asked.push([...among])
    return new Set(among.filter((group) => group.startsWith('named')))
  },
  admitsGuest: async (network) => networks.push(network) <= 2,
  clock: { now: () => nowMs },
  meter: new Meter(),
  metrics: watch.metrics,
  report: watch.report,
  ...more,
})

/** The fields of the line of a refused handshake. */
const refused = { level: 'WARN', verb: 'authorizer', ms: 0, units: 10 }

const counted = (...figures: Figure[]) => figures.map((figure) => watch.valuesOf(figure))

const handshake = (token: string, sourceIp = '192.0.2.7'): Handshake => ({
  methodArn,
  headers: { 'Sec-WebSocket-Protocol': `chat.v1, bearer.${token}` },
  requestContext: { identity: { sourceIp } },
})
const contextOf = async (ports: HandshakePorts, token = 'jwt') => (await admit(ports, handshake(token))).context
const groupsOf = async (ports: HandshakePorts) => JSON.parse((await contextOf(ports))?.groups ?? '')

describe('the groups of a token', () => {
  const many = (count: number, name = 'group') => Array.from({ length: count }, (_, at) => `${name} ${at}`)

  /** Groups of exactly this number of bytes in JSON. */
  const ofBytes = (bytes: number, character = 'x') => [character.repeat((bytes - 4) / Buffer.byteLength(character))]

  it.each(['x', 'ü', '😀'])(
    'are all carried, up to 4,096 bytes of such as %s, and nobody is asked',
    async (character) => {
      const groups = ofBytes(4096, character)
      expect(await groupsOf(portsOf(groups))).toEqual(groups)
      expect(asked).toEqual([])
    },
  )

  it('are carried as far as they are named, if there are 500', async () => {
    expect(await groupsOf(portsOf([...many(500), 'named a', 'root', 'named b', 'named a']))).toEqual([
      'named a',
      'root',
      'named b',
    ])
    expect(asked).toEqual([[...many(500), 'named a', 'root', 'named b']])
    expect(watch.logLines).toEqual([expect.objectContaining({ outcome: 'ok' })])
  })

  it('include that of administrators, which no grant has to name', async () => {
    expect(await groupsOf(portsOf([...many(500), 'root']))).toEqual(['root'])
  })

  it('are refused if those that are named have more than 4,096 bytes', async () => {
    await expect(admit(portsOf(many(500, 'named')), handshake('jwt'))).rejects.toThrow(/^Unauthorized$/)
    expect(watch.logLines).toEqual([{ ...refused, outcome: 'bad_token', reason: 'too_many_groups' }])
    expect(counted('HandshakesRefused', 'Refused', 'Internal')).toEqual([[1], [1], [0]])
  })

  it('are no reason to give up if nobody can say which are named', async () => {
    const namedAmong = async () => Promise.reject(Object.assign(new Error('jwt'), { code: 'unavailable' }))
    await expect(admit(portsOf(many(500), { namedAmong }), handshake('jwt'))).rejects.not.toThrow('Unauthorized')
    expect(watch.logLines).toMatchObject([{ level: 'ERROR', verb: 'authorizer', outcome: 'internal', error: 'Error' }])
    expect(counted('HandshakesRefused', 'Refused', 'Internal')).toEqual([[], [0], [1]])
  })

  it('that fit exactly when they are chosen are carried', async () => {
    const [named = ''] = ofBytes(4096)
    const carried = await carriedGroups(['other', named], 'root', async () => new Set([named]))
    expect(carried).toEqual([named])
  })
})

describe('an issuer that cannot be asked', () => {
  const verify = () => Promise.reject(new TypeError('jwt', { cause: { code: 'ENOTFOUND' } }))

  it('is an outcome of its own in the log, with its address and without the token', async () => {
    await expect(admit(portsOf([], { verify }), handshake('jwt'))).rejects.toThrow(/^The issuer of the token/)
    const fields = { outcome: 'issuer_unreachable', reason: 'ENOTFOUND', issuer: 'https://one.example' }
    expect(watch.logLines).toEqual([{ ...refused, level: 'ERROR', ...fields }])
    expect(counted('IssuerUnreachable', 'HandshakesRefused', 'Refused', 'Internal')).toEqual([[1], [], [0], [0]])
  })
})

describe('a guest', () => {
  const withGuests = (more: Partial<HandshakePorts> = {}) => portsOf([], { guests: ['general', 'c2'], ...more })

  it('is admitted without a token of an issuer, as somebody in the categories of guests', async () => {
    expect(await contextOf(withGuests(), `guest.${secret}`)).toEqual({
      user: expect.stringMatching(/^guest:[\w-]{22}$/),
      name: expect.stringMatching(/^Guest [\w-]{4}$/),
      groups: '["guest:general","guest:c2"]',
      exp: '1700086400',
    })
  })

  it('is the same person with the same secret, and another with another', async () => {
    const ids = await Promise.all(
      [secret, secret, `${secret}x`].map(
        async (each) =>
          (await contextOf(portsOf([], { guests: ['c'], admitsGuest: async () => true }), `guest.${each}`))?.user,
      ),
    )
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[0])
  })

  it('does not show the secret', async () => {
    expect(JSON.stringify(await admit(withGuests(), handshake(`guest.${secret}`)))).not.toContain(secret)
  })

  it.each(['guest.', `guest.${'x'.repeat(42)}`, `guest.${'x'.repeat(129)}`, `guest.${secret}=`, `guest.${secret}.x`])(
    'is refused with a secret that is too short, too long or no base64url: %s',
    async (token) => {
      await expect(admit(withGuests(), handshake(token))).rejects.toThrow(/^Unauthorized$/)
      expect(watch.logLines).toEqual([{ ...refused, outcome: 'bad_token', reason: 'unusable_guest_token' }])
      expect(networks).toEqual([])
    },
  )

  it('is nobody where no category admits guests: the token is held against the issuer', async () => {
    const tokens: string[] = []
    const verify = async (token: string) => {
      tokens.push(token)
      throw Object.assign(new Error(), { code: 'ERR_JWS_INVALID' })
    }
    await expect(admit(portsOf([], { verify }), handshake(`guest.${secret}`))).rejects.toThrow(/^Unauthorized$/)
    expect(tokens).toEqual([`guest.${secret}`])
  })

  it('is told to come again while too many come from one network', async () => {
    const ports = withGuests()
    await contextOf(ports, `guest.${secret}`)
    await contextOf(ports, `guest.${secret}`)
    await expect(admit(ports, handshake(`guest.${secret}`))).rejects.toThrow('Too many guests come from one network.')
    expect(networks).toEqual(['192.0.2.7', '192.0.2.7', '192.0.2.7'])
    expect(watch.logLines.at(-1)).toEqual({ ...refused, outcome: 'guest_rate' })
    expect(counted('HandshakesRefused')).toEqual([[1]])
  })

  it('of a page that is not allowed is denied, and not counted', async () => {
    const event = handshake(`guest.${secret}`)
    const policy = await admit(withGuests(), { ...event, headers: { ...event.headers, Origin: 'https://x.example' } })
    expect(policy.policyDocument.Statement[0]?.Effect).toBe('Deny')
    expect(watch.logLines).toEqual([{ ...refused, outcome: 'origin' }])
    expect(counted('HandshakesRefused', 'Refused', 'Internal')).toEqual([[1], [1], [0]])
    expect(networks).toEqual([])
  })
})

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2:ffff::1', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8:1::', '2001:db8:1:0'],
  ['::1', '0:0:0:0'],
  ['', ''],
])('the network of %s is %s', (address, network) => expect(networkOf(address)).toBe(network))
