import { Code } from 'aws-cdk-lib/aws-lambda'
import { CfnParameter, Stack } from 'aws-cdk-lib/core'
import { buildSync } from 'esbuild'
import { PersistentChat, type PersistentChatProps } from '../../infra/lib.ts'
import { byId, emptyFolder, propertiesOf, readable, synthesize, templateOf, testApp } from './stack.ts'

const code = () => Code.fromAsset(emptyFolder)

function stackWith(props: Record<string, Partial<PersistentChatProps>>) {
  const stack = new Stack(testApp(), 'PersistentChat')
  const chats = Object.entries(props).map(([id, some]) => new PersistentChat(stack, id, { code, ...some }))
  return { stack, chats }
}

test('the library needs CDK and Node alone: no bundler, and no file of the app', () => {
  const { metafile } = buildSync({
    entryPoints: ['infra/lib.ts'],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  })
  const packages = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.map(({ path }) => path.split('/')[0]),
  )
  expect([...new Set(packages)].sort()).toEqual(['aws-cdk-lib', 'constructs', 'node:crypto', 'node:fs', 'node:path'])
  const files = Object.keys(metafile.inputs)
  for (const file of ['app', 'bundle', 'context', 'resource-context', 'stack'])
    expect(files).not.toContain(`infra/${file}.ts`)
})

test('the stack of cdk deploy has the resources of the construct with the id Default, and outputs', () => {
  const { stack } = stackWith({ Default: {} })
  expect(templateOf(stack).Resources).toEqual(synthesize().Resources)
})

test('settings are props of the construct', () => {
  const { stack } = stackWith({
    Default: {
      tokens: { issuer: 'https://login.example.com', audience: 'chat' },
      adminGroup: 'ops',
      allowedOrigins: ['https://chat.example.com', 'http://localhost:5173'],
      chatDomain: 'example.com',
      epoch: '2',
      accessLog: true,
      workers: 7,
      postsPerSecond: 123,
      logLevel: 'debug',
      page: emptyFolder,
    },
  })
  const context = {
    issuer: 'https://login.example.com',
    audience: 'chat',
    adminGroup: 'ops',
    allowedOrigins: 'https://chat.example.com,http://localhost:5173',
    chatDomain: 'example.com',
    epoch: '2',
    accessLog: 'true',
    workers: '7',
    postsPerSecond: '123',
    logLevel: 'debug',
    demo: 'true',
  }
  expect(templateOf(stack).Resources).toEqual(synthesize(context).Resources)
})

test('a setting without a meaning is refused', () => {
  expect(() => stackWith({ Chat: { workers: -1 } })).toThrow('"workers" must be a whole number of at least 0')
})

test('one stack can hold two chats, whose metrics are apart', () => {
  const template = readable(templateOf(stackWith({ Sales: {}, Support: { epoch: '2' } }).stack))
  expect(Object.keys(byId(template, 'AWS::ApiGatewayV2::Api'))).toEqual(['SalesSocketApi', 'SupportSocketApi'])
  expect(propertiesOf(template, 'SupportSendFunction').Environment).toMatchObject({
    Variables: { MESSAGES_TABLE: '{SupportTablesMessages}', LOG_EPOCH: '2' },
  })
  const metricsOf = (id: string) => propertiesOf(template, `${id}SendFunction`).Environment
  expect(metricsOf('Sales')).toMatchObject({ Variables: { STACK_NAME: 'PersistentChat/Sales' } })
  expect(metricsOf('Support')).toMatchObject({ Variables: { STACK_NAME: 'PersistentChat/Support' } })
})

test('settings may be values that are known at deployment only', () => {
  const stack = new Stack(testApp(), 'PersistentChat')
  const value = (id: string) => new CfnParameter(stack, id).valueAsString
  const tokens = { issuer: value('Issuer'), audience: value('Audience') }
  new PersistentChat(stack, 'Chat', { code, tokens, allowedOrigins: [`https://${value('Host')}`] })
  expect(propertiesOf(readable(templateOf(stack)), 'ChatAuthorizerFunction').Environment).toMatchObject({
    Variables: { TOKEN_ISSUER: '{Issuer}', TOKEN_AUDIENCE: '{Audience}', ALLOWED_ORIGINS: 'https://{Host}' },
  })
})

test('the construct gives its address, tokens, tables, functions and queue to the program', () => {
  const { stack, chats } = stackWith({ Chat: { page: emptyFolder } })
  const [chat] = chats
  const { Ref: pool } = stack.resolve(chat?.userPool?.userPoolId)
  expect(stack.resolve(chat?.tokens.issuer)).toEqual({ 'Fn::GetAtt': [pool, 'ProviderURL'] })
  expect(chat?.url).toMatch(/^wss:\/\/.*\/chat$/)
  expect(chat?.pageUrl).toMatch(/^https:/)
  expect(chat?.tables.messages.tableStreamArn).toBeDefined()
  expect(chat?.functions.size).toBe(22)
  expect(chat?.functions.get('review')).toBe(chat?.reviewFunction)
  expect(chat?.functions.get('deliver')).toBe(chat?.deliverFunction)
  expect(chat?.undeliveredQueue.queueUrl).toBeDefined()
})

test('without a page, and with another issuer, there is no page address and no pool', () => {
  const tokens = { issuer: 'https://login.example.com', audience: 'chat' }
  const { chats } = stackWith({ Chat: { tokens } })
  expect(chats[0]).toMatchObject({ tokens, pageUrl: undefined, userPool: undefined })
})

test('the code of each function is asked for by its name', () => {
  const asked: string[] = []
  const codeOf = (name: string) => {
    asked.push(name)
    return code()
  }
  const { chats } = stackWith({ Chat: { code: codeOf } })
  expect(asked.sort()).toEqual([...(chats[0]?.functions.keys() ?? [])].sort())
})
