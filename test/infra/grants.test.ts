import { broadcast, type FunctionSpec, functions, otherFunctions } from '../../infra/routes.ts'
import { env } from '../../lambdas/bindings.ts'
import { type Grant, grantsOf, ofType, pascal, plain, synthesize, the } from './stack.ts'

const template = synthesize()

const tableId = (name: string) => the(template, 'AWS::DynamoDB::GlobalTable', `Tables${name}`)[0]
const arns = {
  sessions: `\${${tableId('Sessions')}.Arn}`,
  byUser: `\${${tableId('Sessions')}.Arn}/index/byUser`,
  rooms: `\${${tableId('Rooms')}.Arn}`,
  byCategory: `\${${tableId('Rooms')}.Arn}/index/byCategory`,
  byPrincipal: `\${${tableId('Rooms')}.Arn}/index/byPrincipal`,
  messages: `\${${tableId('Messages')}.Arn}`,
  records: `\${${tableId('Records')}.Arn}`,
}
const stage = `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${the(template, 'AWS::ApiGatewayV2::Api', 'SocketApi')[0]}}/chat`

const functionOf = (name: string) => the(template, 'AWS::Lambda::Function', `${pascal(name)}Function`)[1]
const roleOf = (name: string) => {
  const id = plain(functionOf(name).Role).replace(/^\$\{(.*)\.Arn\}$/, '$1')
  return { id, properties: template.Resources[id]?.Properties ?? {} }
}

function promised(line: FunctionSpec): Grant[] {
  const log = `\${${the(template, 'AWS::Logs::LogGroup', `${pascal(line.name)}Log`)[0]}.Arn}`
  const tables = Object.entries(arns).flatMap(([name, resource]) => {
    const actions: readonly string[] = line.access[name as keyof typeof arns] ?? []
    return actions.map((action) => ({ action: `dynamodb:${action}`, resource }))
  })
  const connections = line.connections.map((method) => ({
    action: 'execute-api:ManageConnections',
    resource: `${stage}/${method}/@connections/*`,
  }))
  const messages = `\${${tableId('Messages')}`
  const reading = ['DescribeStream', 'GetRecords', 'GetShardIterator'].map((action) => ({
    action: `dynamodb:${action}`,
    resource: `${messages}.StreamArn}`,
  }))
  const stream = [...reading, { action: 'dynamodb:ListStreams', resource: `${messages}.Arn}/stream/*` }]
  const starts = (line.starts ?? []).map((name) => ({
    action: 'lambda:InvokeFunction',
    resource: `\${${the(template, 'AWS::Lambda::Function', `${pascal(name)}Function`)[0]}.Arn}`,
  }))
  const queue = `\${${the(template, 'AWS::SQS::Queue', 'LargeRoomsUndelivered')[0]}.Arn}`
  const undelivered = line.undelivered ? [{ action: 'sqs:SendMessage', resource: queue }] : []
  const logging = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: log }))
  return [...logging, ...tables, ...connections, ...(line.stream ? stream : []), ...starts, ...undelivered]
}

const sorted = (grants: Grant[]) => grants.map(({ action, resource }) => `${action} on ${resource}`).sort()
const lines = [...functions, ...otherFunctions]
const forAuthorizer: string[] = [env.issuer, env.audience, env.allowedOrigins]
const forBroadcast: string[] = [env.deliverFunction, env.undeliveredQueue, env.postsPerSecond]
const variablesOf = (name: string) =>
  Object.keys((functionOf(name).Environment as { Variables: Record<string, unknown> }).Variables).sort()
const forAll = Object.values(env).filter((name) => ![...forAuthorizer, ...forBroadcast].includes(name))

test.each(lines)('$name may do what its line in the table of routes says, and nothing else', (line) => {
  expect(sorted(grantsOf(roleOf(line.name).properties))).toEqual(sorted(promised(line)))
})

test('no two functions share a role, and no role takes rights from anywhere else', () => {
  expect(new Set(lines.map(({ name }) => roleOf(name).id)).size).toBe(lines.length)
  for (const { name } of lines) expect(roleOf(name).properties).not.toHaveProperty('ManagedPolicyArns')
  expect(ofType(template, 'AWS::IAM::Policy')).toEqual([])
})

test('no role names an action by a pattern, and only connection ids and the list of streams are left open', () => {
  const grants = ofType(template, 'AWS::IAM::Role').flatMap(([, role]) => grantsOf(role))
  expect(grants.filter(({ action }) => action.includes('*'))).toEqual([])
  const open = grants.filter(({ resource }) => resource.includes('*')).map(({ resource }) => resource)
  const streams = `\${${tableId('Messages')}.Arn}/stream/*`
  const known = (resource: string) => resource === streams || /\/chat\/(POST|DELETE)\/@connections\/\*$/.test(resource)
  expect(open.filter((resource) => !known(resource))).toEqual([])
})

test('only moderation deletes or changes a message in place', () => {
  const touching = lines.filter(({ access }) =>
    access.messages?.some((action) => !['GetItem', 'Query', 'PutItem'].includes(action)),
  )
  expect(touching.map(({ name }) => name)).toEqual(['moderation'])
})

test('the record is only ever added to, and only moderation reads it', () => {
  const used = new Set(lines.flatMap(({ access }) => access.records ?? []))
  expect([...used].sort()).toEqual(['PutItem', 'Query'])
  const reading = lines.filter(({ access }) => access.records?.includes('Query'))
  expect(reading.map(({ name }) => name)).toEqual(['moderation'])
})

test.each([...functions.map(({ name }) => name), 'deliver'])(
  '%s is told every name it may look up, and no more',
  (name) => {
    expect(variablesOf(name)).toEqual(forAll.sort())
  },
)

test('the authorizer knows whom to trust and nothing of the chat', () => {
  expect(variablesOf('authorizer')).toEqual(forAuthorizer.sort())
})

test('the broadcast knows its workers, its queue and how fast it may post besides', () => {
  expect(variablesOf(broadcast.name)).toEqual([...forAll, ...forBroadcast].sort())
})

test('API Gateway may invoke each function from this API alone', () => {
  const permissions = ofType(template, 'AWS::Lambda::Permission')
  expect(permissions).toHaveLength(functions.length + 1)
  const api = stage.slice(0, -'/chat'.length)
  for (const [, permission] of permissions) {
    expect(permission).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' })
    expect(plain(permission.SourceArn)).toMatch(/\/chat\/\*$|\/authorizers\/\$\{.*\}$/)
    expect(plain(permission.SourceArn).startsWith(`${api}/`)).toBe(true)
  }
})
