import { grants } from './grants.ts'
import { type Grant, grantsOf, ofType, propertiesOf, readStack } from './stack.ts'

const template = readStack()
const names = Object.keys(grants)

const pascalCase = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
const roleOf = (name: string) => propertiesOf(template, `${pascalCase(name)}Role`)

const connections =
  'arn:{AWS::Partition}:execute-api:{AWS::Region}:{AWS::AccountId}:{SocketApi}/chat/<method>/@connections/*'

/** The resources of `grants.ts` as ARNs of the template. */
const arns: Record<string, string> = {
  sessions: '{TablesSessions.Arn}',
  'sessions/byUser': '{TablesSessions.Arn}/index/byUser',
  rooms: '{TablesRooms.Arn}',
  'rooms/byCategory': '{TablesRooms.Arn}/index/byCategory',
  'rooms/byPrincipal': '{TablesRooms.Arn}/index/byPrincipal',
  messages: '{TablesMessages.Arn}',
  records: '{TablesRecords.Arn}',
  budgets: '{TablesBudgets.Arn}',
  undelivered: '{LargeRoomsUndelivered.Arn}',
}

/** One line of `grants.ts`, such as `sessions: GetItem Query`, as grants of a role. */
function parse(line: string): Grant[] {
  const [resource = '', actions = ''] = line.split(': ')
  return actions.split(' ').map((action) => {
    if (resource === 'connections')
      return { action: 'execute-api:ManageConnections', resource: connections.replace('<method>', action) }
    if (resource === 'starts')
      return { action: 'lambda:InvokeFunction', resource: `{${pascalCase(action)}Function.Arn}` }
    if (resource === 'messages/stream') {
      const stream = action === 'ListStreams' ? '{TablesMessages.Arn}/stream/*' : '{TablesMessages.StreamArn}'
      return { action: `dynamodb:${action}`, resource: stream }
    }
    const arn = arns[resource]
    if (arn === undefined) throw new Error(`grants.ts names an unknown resource: ${resource}`)
    return { action: `${resource === 'undelivered' ? 'sqs' : 'dynamodb'}:${action}`, resource: arn }
  })
}

const logging = (name: string): Grant[] =>
  ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: `{${pascalCase(name)}Log.Arn}` }))

const sorted = (list: Grant[]) => list.map(({ action, resource }) => `${action} on ${resource}`).sort()

/** The names of the functions with a grant of this action on this resource. */
const allowed = (service: string, arn: string, ...actions: string[]) =>
  names.filter((name) =>
    grantsOf(roleOf(name)).some(
      ({ action, resource }) => resource === arn && actions.some((each) => action === `${service}:${each}`),
    ),
  )

test('the list has every role of the template', () => {
  const ids = ofType(template, 'AWS::IAM::Role').map(([id]) => id)
  expect(ids.sort()).toEqual(names.map((name) => `${pascalCase(name)}Role`).sort())
})

test.each(names)('%s has the rights in the list and no others', (name) => {
  const expected = [...logging(name), ...(grants[name] ?? []).flatMap(parse)]
  expect(sorted(grantsOf(roleOf(name)))).toEqual(sorted(expected))
})

test.each(names)('the role of %s has one inline policy, and only Lambda may assume it', (name) => {
  const assume = { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }
  expect(roleOf(name)).toEqual({
    AssumeRolePolicyDocument: { Statement: [assume], Version: '2012-10-17' },
    Policies: [{ PolicyName: 'access', PolicyDocument: { Statement: expect.any(Array), Version: '2012-10-17' } }],
  })
})

test('no two functions share a role, and no role has a policy from outside, but one that lets review start itself', () => {
  const roles = ofType(template, 'AWS::Lambda::Function').map(([, { Role }]) => Role)
  expect(new Set(roles).size).toBe(names.length)
  expect(ofType(template, 'AWS::IAM::ManagedPolicy')).toEqual([])
  const Statement = [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: '{ReviewFunction.Arn}' }]
  const itself = {
    PolicyName: 'itself',
    PolicyDocument: { Version: '2012-10-17', Statement },
    Roles: ['{ReviewRole}'],
  }
  expect(ofType(template, 'AWS::IAM::Policy').map(([, policy]) => policy)).toEqual([itself])
})

test('no role has a wildcard, except for connection ids and for the list of streams', () => {
  const all = names.flatMap((name) => grantsOf(roleOf(name)))
  expect(all.filter(({ action }) => action.includes('*'))).toEqual([])
  const open = new Set(all.map(({ resource }) => resource).filter((resource) => resource.includes('*')))
  const known = ['POST', 'DELETE'].map((method) => connections.replace('<method>', method))
  expect([...open].sort()).toEqual([...known, '{TablesMessages.Arn}/stream/*'].sort())
})

test('only moderation and the daily run can change or delete a stored message', () => {
  const messages = '{TablesMessages.Arn}'
  const changes = ['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'ConditionCheckItem']
  expect(allowed('dynamodb', messages, ...changes)).toEqual(['moderation', 'jobs'])
})

test('no function can change or delete a record, and only moderation and the daily run can read the records', () => {
  const records = '{TablesRecords.Arn}'
  expect(allowed('dynamodb', records, 'UpdateItem', 'DeleteItem', 'BatchWriteItem')).toEqual([])
  expect(allowed('dynamodb', records, 'GetItem', 'BatchGetItem', 'Query', 'Scan')).toEqual(['moderation', 'jobs'])
})

test('no function can scan a table', () => {
  const scans = Object.values(arns).flatMap((arn) => allowed('dynamodb', arn, 'Scan', 'PartiQLSelect'))
  expect(scans).toEqual([])
})
