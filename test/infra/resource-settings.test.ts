import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Architecture, Code, LayerVersion } from 'aws-cdk-lib/aws-lambda'
import { App, Stack, type StackProps } from 'aws-cdk-lib/core'
import { PersistentChat, type PersistentChatProps } from '../../infra/lib.ts'
import {
  byId,
  emptyFolder,
  type Properties,
  propertiesOf,
  readable,
  readStack,
  synthesize,
  templateOf,
  testApp,
} from './stack.ts'

const code = () => Code.fromAsset(emptyFolder)
const inStack = (props: (stack: Stack) => PersistentChatProps, more: StackProps = {}) => {
  const stack = new Stack(testApp(), 'Chats', more)
  const chat = new PersistentChat(stack, 'Default', { code, ...props(stack) })
  return { stack, chat, template: readable(templateOf(stack)) }
}
const withProps = (props: PersistentChatProps) => inStack(() => props).template
const refused = (props: PersistentChatProps) => () => withProps(props)

const account = '111122223333'
const stream = `arn:aws:dynamodb:eu-west-1:${account}:table/restored-messages/stream/2026-01-01T00:00:00.000`
const certificate = `arn:aws:acm:eu-west-1:${account}:certificate/one`
const everyTable = {
  sessions: 'restored-sessions',
  rooms: 'restored-rooms',
  messages: 'restored-messages',
  messagesStream: stream,
  records: 'restored-records',
  budgets: 'restored-budgets',
}

describe('existing tables', () => {
  const template = withProps({ tables: everyTable })

  test('none is created where all are named', () => {
    expect(byId(template, 'AWS::DynamoDB::GlobalTable')).toEqual({})
    expect(JSON.stringify(template)).not.toMatch(/\{Tables/)
  })

  test('roles, variables and the stream are the same as those of created tables, with other names', () => {
    const renamed = (text: string) =>
      text
        .replace(/arn:\{AWS::Partition\}:dynamodb:\{AWS::Region\}:\{AWS::AccountId\}:table\/restored-([a-z]+)/g, '<$1>')
        .replace(/restored-([a-z]+)/g, '<$1>')
    const created = (text: string) =>
      text.replace(/\{Tables([A-Z])([a-z]+)(\.Arn)?\}/g, (_, first, rest) => `<${String(first).toLowerCase()}${rest}>`)
    const usual = withProps({})
    for (const [id, { Type, Properties }] of Object.entries(usual.Resources)) {
      if (!/::(Role|Function)$/.test(Type) || id.startsWith('Broadcast')) continue
      expect(renamed(JSON.stringify(propertiesOf(template, id)))).toBe(created(JSON.stringify(Properties)))
    }
    expect(propertiesOf(template, 'LargeRoomsStream').EventSourceArn).toBe(stream)
    expect(JSON.stringify(propertiesOf(template, 'BroadcastRole'))).toContain(
      `"Action":["dynamodb:DescribeStream","dynamodb:GetRecords","dynamodb:GetShardIterator"],"Effect":"Allow","Resource":"${stream}"`,
    )
  })

  test('cdk deploy takes them as <what>=<name>', () => {
    const context = { tables: 'rooms=restored-rooms, messages=restored-messages', messagesStream: stream, epoch: '2' }
    expect(Object.keys(byId(readStack(context), 'AWS::DynamoDB::GlobalTable')).sort()).toEqual([
      'TablesBudgets',
      'TablesRecords',
      'TablesSessions',
    ])
  })

  test.each([
    [{ messages: 'restored-messages' }, 'switch it on with new images, and give its ARN as "messagesStream"'],
    [{ messages: 'other', messagesStream: stream }, 'must be the ARN of a stream of the table "other"'],
    [{ messagesStream: stream }, 'name the table in "tables" too'],
    [{ rooms: 'arn:aws:dynamodb:eu-west-1::table/rooms' }, 'which is not the name of a table'],
  ])('%j is refused with what to do', (tables, sentence) => {
    expect(refused({ tables })).toThrow(sentence)
  })

  test.each(['chat=rooms', 'restored-rooms'])('"%s" in the context is refused with what is known', (tables) => {
    expect(() => synthesize({ tables })).toThrow('with what of sessions, rooms, messages, records, budgets')
  })
})

describe('a domain', () => {
  test('its name and certificate are settings of cdk deploy, and its target is an output', () => {
    const { Outputs, ...template } = readStack({ domain: 'chat.example.com', certificate })
    expect(Outputs.Url?.Value).toBe('wss://chat.example.com')
    expect(Outputs.DomainTarget?.Value).toBe('{DomainName.RegionalDomainName}')
    expect(propertiesOf({ Outputs, ...template }, 'DomainName').DomainNameConfigurations).toEqual([
      { CertificateArn: certificate, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
    ])
  })

  test('functions go on posting at the address of API Gateway', () => {
    const { Environment } = propertiesOf(readStack({ domain: 'chat.example.com', certificate }), 'SendFunction')
    expect((Environment as { Variables: Properties }).Variables.CONNECTIONS_URL).toMatch(/^https:\/\/\{SocketApi\}\./)
  })

  test.each([
    [{ domain: 'https://chat.example.com', certificate }, '"domain" must be a host name in small letters'],
    [{ domain: 'chat.example.com' }, '"domain" is set but "certificate" is not'],
    [{ certificate }, '"certificate" is set but "domain" is not'],
    [{ domain: 'chat.example.com', certificate: 'one' }, '"certificate" must be an ARN that begins with arn:aws:acm:'],
  ])('%j is refused with what to do', (context, sentence) => {
    expect(() => synthesize(context)).toThrow(sentence)
  })

  test('a certificate of another Region is refused', () => {
    const far = (stack: Stack): PersistentChatProps => ({
      domain: { name: 'chat.example.com', certificate: Certificate.fromCertificateArn(stack, 'Far', certificate) },
    })
    expect(() => inStack(far, { env: { region: 'us-east-1' } })).toThrow('in eu-west-1 and the stack in us-east-1')
    expect(() => inStack(far, { env: { region: 'eu-west-1' } })).not.toThrow()
  })
})

describe('retention and removal', () => {
  test('all logs are kept for as many days as the settings say', () => {
    const logs = Object.values(
      byId(readStack({ retention: '7', accessLog: 'true', demo: 'true' }), 'AWS::Logs::LogGroup'),
    )
    expect(logs).toHaveLength(24)
    for (const log of logs) expect(log.RetentionInDays).toBe(7)
  })

  test.each([
    [{ retention: '8' }, '"retention" must be one of 1, 3, 5, 7, 14, 30,'],
    [{ removal: 'destroy' }, '"removal" must be "keep" or "delete"; it is "destroy".'],
    [{ removal: 'delete', protect: 'true' }, '"protect" forbids what "removal" demands'],
    [{ stack: 'my stack' }, '"stack" must be a letter and up to 127 letters, digits and "-"'],
    [{ encryptionKey: 'alias/chat' }, '"encryptionKey" must be an ARN that begins with arn:aws:kms:'],
  ])('%j is refused with what to do', (context, sentence) => {
    expect(() => synthesize(context)).toThrow(sentence)
  })
})

describe('functions', () => {
  const functionsOf = (props: PersistentChatProps) =>
    Object.values(byId(withProps(props), 'AWS::Lambda::Function')) as Record<string, unknown>[]
  const memoryOf = (template: ReturnType<typeof withProps>, name: string) =>
    propertiesOf(template, `${name}Function`).MemorySize

  test('all have the architecture and the layers of the settings', () => {
    const layer = `arn:aws:lambda:eu-west-1:${account}:layer:insights:1`
    const { template } = inStack((stack) => ({
      functions: {
        architecture: Architecture.X86_64,
        layers: [LayerVersion.fromLayerVersionArn(stack, 'Layer', layer)],
      },
    }))
    const found = Object.values(byId(template, 'AWS::Lambda::Function'))
    expect(found).toHaveLength(22)
    for (const each of found) expect(each).toMatchObject({ Architectures: ['x86_64'], Layers: [layer] })
  })

  test('a factor changes the memory of all, within what Lambda allows, and single ones have their own', () => {
    const template = withProps({ functions: { memoryScale: 2, memory: { send: 3008 } } })
    expect([memoryOf(template, 'Join'), memoryOf(template, 'Hello'), memoryOf(template, 'Send')]).toEqual([
      2048, 1024, 3008,
    ])
    expect(memoryOf(withProps({ functions: { memoryScale: 0.1 } }), 'Hello')).toBe(128)
    expect(memoryOf(withProps({ functions: { memoryScale: 10 } }), 'Send')).toBe(10_240)
  })

  test('tracing is active in all, and their own roles may write traces', () => {
    const template = readStack({ tracing: 'true' })
    for (const each of Object.values(byId(template, 'AWS::Lambda::Function')))
      expect(each.TracingConfig).toEqual({ Mode: 'Active' })
    for (const [id, role] of Object.entries(byId(template, 'AWS::IAM::Role')))
      expect({ id, policies: JSON.stringify(role.Policies) }).toEqual({
        id,
        policies: expect.stringContaining(
          '"Action":["xray:PutTelemetryRecords","xray:PutTraceSegments"],"Effect":"Allow","Resource":"*"',
        ),
      })
    expect(Object.keys(byId(template, 'AWS::IAM::Policy'))).toEqual(['ReviewsItself'])
    expect(functionsOf({}).filter(({ TracingConfig }) => TracingConfig !== undefined)).toEqual([])
  })

  test('the boundary stands on every role, that of the upload of the page included', () => {
    const permissionsBoundary = `arn:aws:iam::${account}:policy/developers`
    const roles = byId(readStack({ permissionsBoundary, demo: 'true' }), 'AWS::IAM::Role')
    expect(Object.keys(roles)).toHaveLength(23)
    for (const [id, { PermissionsBoundary }] of Object.entries(roles))
      expect({ id, PermissionsBoundary }).toEqual({ id, PermissionsBoundary: permissionsBoundary })
  })

  test.each([
    [{ memory: { post: 512 } }, '"memory" names the function "post", which is none of administration, authorizer,'],
    [{ memory: { send: 64 } }, '"memory" of send must be a whole number from 128 to 10240; it is "64".'],
    [{ memoryScale: 0 }, '"memoryScale" must be a number above 0; it is "0".'],
  ])('%j is refused with what to do', (functions, sentence) => {
    expect(refused({ functions })).toThrow(sentence)
  })
})

test('stacks of two names stand side by side: every name in them is that of the stack, or made by CloudFormation', () => {
  const [prod, dev] = [synthesize(), synthesize({ stack: 'Dev' })]
  expect(JSON.stringify(prod)).toContain('"PersistentChat"')
  const anyName = (template: unknown) => JSON.stringify(template).replace(/PersistentChat|\bDev\b/g, '<name>')
  expect(anyName(prod) === anyName(dev)).toBe(true)
  // The namespace of the metrics is the same for all stacks, which their dimension tells apart.
  const namespaces = /"Namespace":"PersistentChat"|\\"PersistentChat\\",\\"(?=\w)|\{PersistentChat,/g
  expect(JSON.stringify(dev).replace(namespaces, '')).not.toContain('PersistentChat')
  const named = Object.values(dev.Resources).flatMap(({ Type, Properties }) =>
    Object.keys(Properties)
      .filter(
        (key) => !/::(Permission|EventInvokeConfig|EventSourceMapping|Alarm)$/.test(Type) && /^[A-Z].*Name$/.test(key),
      )
      .map((key) => `${Type} ${key}: ${JSON.stringify(Properties[key])}`),
  )
  // Each of these is a name within something that belongs to the stack: its pool, its API, its role.
  expect(named.sort()).toEqual([
    'AWS::ApiGatewayV2::Stage StageName: "chat"',
    'AWS::Cognito::UserPoolGroup GroupName: "chat-admins"',
    'AWS::IAM::Policy PolicyName: "itself"',
  ])
})

test('without functions beside it, the chat says where it looked and what to give', () => {
  expect(() => new PersistentChat(new Stack(new App(), 'Chats'), 'Chat')).toThrow(
    /^There is no functions\/\w+ in .*: use the package, or give the "code" of the chat\.$/,
  )
})
