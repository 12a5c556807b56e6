import { App } from 'aws-cdk-lib/core'
import { checkSettingNames, settingsFromContext } from '../../infra/context.ts'
import { completeSettings } from '../../infra/settings.ts'
import { defaultQuotas } from '../../lambdas/bindings.ts'
import { quotaNames } from '../../protocol/limits.ts'
import { propertiesOf, readStack } from './stack.ts'

const read = (context: Record<string, unknown>) => settingsFromContext(new App({ context }).node)
const complete = (context: Record<string, unknown>) => completeSettings(read(context))

test('without a value every setting has its default', () => {
  expect(completeSettings({})).toEqual({
    tokens: undefined,
    otherIssuers: {},
    guests: [],
    adminGroup: 'chat-admins',
    allowedOrigins: [],
    chatDomain: 'persistent-chat',
    epoch: '1',
    accessLog: false,
    workers: 0,
    postsPerSecond: 8000,
    quotas: defaultQuotas,
    recordAddresses: false,
    dashboard: true,
    dailyBudget: 10,
    accountConcurrency: 1000,
    logLevel: 'info',
  })
  expect(complete({})).toEqual(completeSettings({}))
  expect(read({}).demo).toBe(false)
})

test('every setting can be set in the context', () => {
  const context = {
    issuer: 'https://login.example.com,partner=https://partner.example.com',
    audience: 'chat, tool, partner=theirs',
    tokenKeys: 'https://login.example.com/keys',
    services: 'bot,partner=feed',
    guests: 'general, c-2',
    adminGroup: 'ops',
    allowedOrigins: 'https://chat.example.com, http://localhost:5173',
    chatDomain: 'example.com',
    epoch: '2',
    accessLog: 'true',
    workers: '20',
    postsPerSecond: '1',
    roomsPerDay: '7',
    blocksPerUser: '8',
    recordAddresses: 'true',
    dashboard: 'false',
    dailyBudget: '2.5',
    accountConcurrency: '50',
    alarms: 'false',
    logLevel: 'warn',
    demo: 'true',
  }
  expect(read(context)).toEqual({
    tokens: {
      issuer: 'https://login.example.com',
      audience: ['chat', 'tool'],
      keys: 'https://login.example.com/keys',
      services: ['bot'],
    },
    otherIssuers: { partner: { issuer: 'https://partner.example.com', audience: ['theirs'], services: ['feed'] } },
    guests: ['general', 'c-2'],
    adminGroup: 'ops',
    allowedOrigins: ['https://chat.example.com', 'http://localhost:5173'],
    chatDomain: 'example.com',
    epoch: '2',
    accessLog: true,
    workers: 20,
    postsPerSecond: 1,
    quotas: { roomsPerDay: 7, blocksPerUser: 8 },
    recordAddresses: true,
    dashboard: false,
    dailyBudget: 2.5,
    accountConcurrency: 50,
    alarms: false,
    logLevel: 'warn',
    demo: true,
  })
})

test('numbers and flags of cdk.json mean the same as their text', () => {
  expect(read({ workers: 3, accessLog: true, epoch: 7 })).toMatchObject({ workers: 3, accessLog: true, epoch: '7' })
  expect(() => read({ workers: ['3'] })).toThrow('The context value "workers" must be plain text.')
})

test('an issuer needs an audience, and the other way round', () => {
  expect(() => read({ issuer: 'https://login.example.com' })).toThrow('"issuer" is set but "audience" is not')
  expect(() => read({ audience: 'chat' })).toThrow('"audience" is set but "issuer" is not')
})

test.each(['http://login.example.com', 'login.example.com'])(
  'the issuer %s is refused, as it is not https',
  (issuer) => {
    expect(() => complete({ issuer, audience: 'chat' })).toThrow('must be an https:// URL')
  },
)

test('an empty audience is refused', () => {
  const tokens = { issuer: 'https://login.example.com', audience: '' }
  expect(() => completeSettings({ tokens })).toThrow('"audience" must not be empty')
})

test.each(['https://chat.example.com/', '*', 'https://*.example.com', 'chat.example.com'])(
  '%s is refused, as it is not an origin',
  (origin) => {
    expect(() => complete({ allowedOrigins: origin })).toThrow(`"allowedOrigins" holds "${origin}"`)
  },
)

test.each(['adminGroup', 'chatDomain', 'epoch'])('%s must not be empty', (name) => {
  expect(() => complete({ [name]: ' ' })).toThrow(`"${name}" must not be empty`)
})

test.each(['many', '1.5', ' '])('%p is not a number of workers', (workers) => {
  expect(() => read({ workers })).toThrow(`"workers" must be a whole number; it is "${workers}"`)
})

test('a number that is too small is refused', () => {
  expect(() => complete({ workers: '-1' })).toThrow('"workers" must be a whole number of at least 0; it is "-1"')
  expect(() => complete({ postsPerSecond: '0' })).toThrow('"postsPerSecond" must be a whole number of at least 1')
})

test('the default quotas do not change', () => {
  expect(defaultQuotas).toEqual({
    roomsPerDay: 100,
    roomsManaged: 500,
    grantsPerRoom: 5000,
    invitationsPerDay: 50,
    invitationsPerInviterPerDay: 100,
    preferencesPerUser: 100,
    preferenceBytesPerUser: 262_144,
    blocksPerUser: 500,
    unitsPerMinute: 120_000,
    messagesPerMinute: 320,
  })
  expect(Object.keys(defaultQuotas).sort()).toEqual([...quotaNames].sort())
})

test.each(Object.keys(defaultQuotas))('the quota %s is a whole number of at least 1', (name) => {
  expect(complete({ [name]: '3' }).quotas).toEqual({ ...defaultQuotas, [name]: 3 })
  expect(() => complete({ [name]: '0' })).toThrow(`"${name}" must be a whole number of at least 1; it is "0"`)
  expect(() => read({ [name]: 'many' })).toThrow(`"${name}" must be a whole number; it is "many"`)
})

test('quotas reach the functions as one JSON text', () => {
  const { Environment } = propertiesOf(readStack({ roomsPerDay: '7' }), 'RoomsFunction')
  const { QUOTAS } = Object(Object(Environment).Variables)
  expect(JSON.parse(QUOTAS)).toEqual({ ...defaultQuotas, roomsPerDay: 7 })
})

test('a number of a program must be whole as well', () => {
  expect(() => completeSettings({ workers: 1.5 })).toThrow(
    '"workers" must be a whole number of at least 0; it is "1.5"',
  )
})

test.each(['0', '-1', 'Infinity'])('a budget of %p dollars a day is refused', (dailyBudget) => {
  expect(() => complete({ dailyBudget })).toThrow('"dailyBudget" must be a number of dollars')
})

test('a budget that is no number is refused', () => {
  expect(() => read({ dailyBudget: 'much' })).toThrow('"dailyBudget" must be a number of dollars; it is "much"')
})

test.each(['accessLog', 'dashboard', 'demo', 'recordAddresses'])('%s is true or false', (name) => {
  expect(() => read({ [name]: 'yes' })).toThrow(`"${name}" must be true or false; it is "yes"`)
})

test('an unknown log level is refused', () => {
  expect(() => complete({ logLevel: 'loud' })).toThrow('"logLevel" must be one of debug, info, warn; it is "loud".')
})

test('allowed origins reach the authorizer as one text, exactly as they are written', () => {
  const { Environment } = propertiesOf(
    readStack({ allowedOrigins: 'https://chat.example.com, http://localhost:5173' }),
    'AuthorizerFunction',
  )
  expect(Environment).toMatchObject({
    Variables: { ALLOWED_ORIGINS: 'https://chat.example.com,http://localhost:5173' },
  })
})

test('the functions record addresses only if the setting demands it', () => {
  const environment = (context: Record<string, string>) =>
    propertiesOf(readStack(context), 'ConnectFunction').Environment
  expect(JSON.stringify(environment({}))).not.toContain('RECORD_ADDRESSES')
  expect(environment({ recordAddresses: 'true' })).toMatchObject({ Variables: { RECORD_ADDRESSES: 'true' } })
})

describe('a name in the context', () => {
  const check = (name: string) => {
    const { node } = new App({ context: { [name]: '2' } })
    settingsFromContext(node)
    checkSettingNames(node)
  }

  test.each([
    ['epcoh', 'epoch'],
    ['dailyBugdet', 'dailyBudget'],
    ['AllowedOrigin', 'allowedOrigins'],
  ])('that looks like a setting is refused: %s, meant is %s', (name, meant) => {
    expect(() => check(name)).toThrow(`There is no setting "${name}"; there is ${meant}.`)
  })

  test.each(['cli-telemetry', '@aws-cdk/core:some', 'aws:cdk:enable-asset-metadata', 'epoch'])('may be %s', (name) => {
    expect(() => check(name)).not.toThrow()
  })
})
