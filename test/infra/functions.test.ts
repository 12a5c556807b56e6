import { defaultQuotas } from '../../lambdas/bindings.ts'
import { byId, ofType, type Properties, propertiesOf, readStack } from './stack.ts'

interface Expected {
  description: string
  memory: number
  timeout: number
}

/** Every function, written by hand. Descriptions name the routes, except for the functions without a route. */
const expected: Record<string, Expected> = {
  Authorizer: { description: 'Checks the token and the origin of a handshake', memory: 512, timeout: 10 },
  Connect: { description: 'Runs $connect', memory: 512, timeout: 10 },
  Disconnect: { description: 'Runs $disconnect', memory: 512, timeout: 10 },
  Unknown: { description: 'Runs $default', memory: 512, timeout: 10 },
  Hello: { description: 'Runs hello', memory: 512, timeout: 10 },
  Sync: { description: 'Runs sync', memory: 512, timeout: 10 },
  Join: { description: 'Runs join', memory: 1024, timeout: 10 },
  Leave: { description: 'Runs leave', memory: 512, timeout: 10 },
  Send: { description: 'Runs send', memory: 1769, timeout: 10 },
  History: { description: 'Runs history', memory: 1024, timeout: 10 },
  Participants: { description: 'Runs participants', memory: 512, timeout: 10 },
  Rooms: { description: 'Runs createRoom, getRoom, updateRoom, moveRoom, deleteRoom', memory: 512, timeout: 29 },
  Categories: {
    description: 'Runs createCategory, updateCategory, deleteCategory, categories',
    memory: 512,
    timeout: 29,
  },
  Directory: { description: 'Runs browse', memory: 1024, timeout: 10 },
  People: { description: 'Runs invitations, preference, block, unblock, blocks', memory: 512, timeout: 10 },
  Roles: { description: 'Runs grant, revoke, roles', memory: 512, timeout: 29 },
  Moderation: { description: 'Runs removeMessages, purge, record', memory: 512, timeout: 10 },
  Administration: {
    description: 'Runs suspend, unsuspend, suspended, disconnect, retention, legalHold, erase',
    memory: 512,
    timeout: 29,
  },
  Jobs: { description: 'Enforces retention and erases users', memory: 512, timeout: 900 },
  Broadcast: { description: 'Hands on what is said in large rooms', memory: 1769, timeout: 60 },
  Deliver: { description: 'Hands messages to one part of a large room', memory: 1769, timeout: 60 },
  Review: { description: 'Goes on with long reviews of sessions', memory: 512, timeout: 60 },
}

const ofEveryRoute = [
  'SESSIONS_TABLE',
  'ROOMS_TABLE',
  'MESSAGES_TABLE',
  'RECORDS_TABLE',
  'BUDGETS_TABLE',
  'CONNECTIONS_URL',
  'CHAT_DOMAIN',
  'ADMIN_GROUP',
  'LOG_EPOCH',
  'QUOTAS',
]

/** The environment variables of each function. */
const variables: Record<string, readonly string[]> = {
  Authorizer: ['TOKEN_ISSUER', 'TOKEN_AUDIENCE', 'ALLOWED_ORIGINS', 'ADMIN_GROUP', 'ROOMS_TABLE', 'SESSIONS_TABLE'],
  Connect: ofEveryRoute,
  Disconnect: ofEveryRoute,
  Unknown: ofEveryRoute,
  Hello: ofEveryRoute,
  Sync: ofEveryRoute,
  Join: ofEveryRoute,
  Leave: ofEveryRoute,
  Send: ofEveryRoute,
  History: ofEveryRoute,
  Participants: ofEveryRoute,
  Rooms: [...ofEveryRoute, 'REVIEW_FUNCTION'],
  Categories: [...ofEveryRoute, 'REVIEW_FUNCTION'],
  Directory: ofEveryRoute,
  People: ofEveryRoute,
  Roles: [...ofEveryRoute, 'REVIEW_FUNCTION'],
  Moderation: ofEveryRoute,
  Administration: [...ofEveryRoute, 'JOBS_FUNCTION'],
  Jobs: ofEveryRoute,
  Broadcast: [...ofEveryRoute, 'DELIVER_FUNCTION', 'UNDELIVERED_QUEUE', 'POSTS_PER_SECOND'],
  Deliver: ofEveryRoute,
  Review: ofEveryRoute,
}

/** The variables of every function. */
const watched = ['STACK_NAME', 'LOG_LEVEL']

const values: Record<string, string> = {
  STACK_NAME: 'PersistentChat',
  LOG_LEVEL: 'info',
  SESSIONS_TABLE: '{TablesSessions}',
  ROOMS_TABLE: '{TablesRooms}',
  MESSAGES_TABLE: '{TablesMessages}',
  RECORDS_TABLE: '{TablesRecords}',
  BUDGETS_TABLE: '{TablesBudgets}',
  CONNECTIONS_URL: 'https://{SocketApi}.execute-api.{AWS::Region}.{AWS::URLSuffix}/chat',
  CHAT_DOMAIN: 'persistent-chat',
  ADMIN_GROUP: 'chat-admins',
  LOG_EPOCH: '1',
  QUOTAS: JSON.stringify(defaultQuotas),
  DELIVER_FUNCTION: '{DeliverFunction}',
  REVIEW_FUNCTION: '{ReviewFunction}',
  JOBS_FUNCTION: '{JobsFunction}',
  UNDELIVERED_QUEUE: '{LargeRoomsUndelivered}',
  POSTS_PER_SECOND: '8000',
  TOKEN_ISSUER: '{IdentityUsers.ProviderURL}',
  TOKEN_AUDIENCE: '{IdentityClient}',
  ALLOWED_ORIGINS: '',
}

const template = readStack()
const variablesOf = (name: string, stack = template) => {
  const { Variables } = propertiesOf(stack, `${name}Function`).Environment as { Variables: Properties }
  return Variables
}
const names = Object.keys(expected)

test('the stack has these functions and no others', () => {
  const ids = Object.keys(byId(template, 'AWS::Lambda::Function'))
  expect(ids.sort()).toEqual(names.map((name) => `${name}Function`).sort())
})

test.each(names)('%s has its environment variables and no others', (name) => {
  const wanted = [...(variables[name] ?? []), ...watched].map((variable) => [variable, values[variable]])
  expect(variablesOf(name)).toEqual(Object.fromEntries(wanted))
})

test.each(names)('%s has its memory and timeout, its own role and log group, and runs Node 24 on arm64', (name) => {
  const { Environment, ...properties } = propertiesOf(template, `${name}Function`)
  expect(Object.keys(Environment as object)).toEqual(['Variables'])
  expect(properties).toEqual({
    Description: expected[name]?.description,
    MemorySize: expected[name]?.memory,
    Timeout: expected[name]?.timeout,
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    Code: { S3Bucket: 'cdk-hnb659fds-assets-{AWS::AccountId}-{AWS::Region}', S3Key: '<hash>.zip' },
    Role: `{${name}Role.Arn}`,
    LoggingConfig: {
      LogGroup: `{${name}Log}`,
      LogFormat: 'JSON',
      ApplicationLogLevel: 'INFO',
      SystemLogLevel: 'WARN',
    },
  })
})

test('logs are kept for a month and go with the stack', () => {
  const groups = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::Logs::LogGroup')
  expect(groups.map(([id]) => id).sort()).toEqual(names.map((name) => `${name}Log`).sort())
  for (const [, group] of groups) {
    expect(group.Properties).toEqual({ RetentionInDays: 30 })
    expect(group.DeletionPolicy).toBe('Delete')
  }
})

test('the settings change the variables of every function that runs a route', () => {
  const stack = readStack({ chatDomain: 'example.com', adminGroup: 'ops', epoch: '2', postsPerSecond: '123' })
  for (const name of names.filter((each) => each !== 'Authorizer'))
    expect(variablesOf(name, stack)).toMatchObject({ CHAT_DOMAIN: 'example.com', ADMIN_GROUP: 'ops', LOG_EPOCH: '2' })
  expect(variablesOf('Broadcast', stack).POSTS_PER_SECOND).toBe('123')
})

test.each([
  ['debug', 'INFO'],
  ['warn', 'WARN'],
])('at the log level %s the lines of Lambda itself have the level %s, and no metric is dropped', (logLevel, system) => {
  const stack = readStack({ logLevel })
  for (const name of names) {
    expect(variablesOf(name, stack).LOG_LEVEL).toBe(logLevel)
    expect(propertiesOf(stack, `${name}Function`).LoggingConfig).toMatchObject({
      ApplicationLogLevel: 'INFO',
      SystemLogLevel: system,
    })
  }
})

test('the reserved concurrency of the worker is a setting, and 0 reserves none', () => {
  const reservedIn = (workers: string) =>
    propertiesOf(readStack({ workers }), 'DeliverFunction').ReservedConcurrentExecutions
  expect(reservedIn('7')).toBe(7)
  expect(reservedIn('0')).toBeUndefined()
})

test('no function is in a network or has a provisioned version', () => {
  for (const type of ['AWS::Lambda::Version', 'AWS::Lambda::Alias']) expect(ofType(template, type)).toEqual([])
})
