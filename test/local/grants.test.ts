import { accessesOf } from '../../local/iam/access.ts'
import { readGrants } from '../../local/iam/grants.ts'
import { readTemplate } from '../../local/template/load.ts'
import { resolverFor } from '../../local/template/resources.ts'

function grants(statements: unknown[], more: Record<string, unknown> = {}) {
  const template = readTemplate({
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: more },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyDocument: { Statement: statements }, Roles: [{ Ref: 'Role' }] },
      },
    },
  })
  const [allows] = readGrants(template, resolverFor('Stack', template, 'http://x')).values()
  if (!allows) throw new Error('No role')
  return allows
}

const allow = (Action: unknown, Resource: unknown, more = {}) => ({ Effect: 'Allow', Action, Resource, ...more })
const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/things'

test('an action that no statement allows is denied', () => {
  const allows = grants([allow('dynamodb:GetItem', table)])
  expect(allows('dynamodb:GetItem', table)).toBe(true)
  expect(allows('dynamodb:PutItem', table)).toBe(false)
  expect(allows('dynamodb:GetItem', `${table}2`)).toBe(false)
  expect(allows('dynamodb:GetItem', `${table}/index/byOwner`)).toBe(false)
})

test('wildcards match any text in actions and resources', () => {
  const allows = grants([
    allow(['dynamodb:*Item', 'execute-api:Manage?onnections'], [`${table}/*`, 'arn:x:*/POST/@connections/*']),
  ])
  expect(allows('DynamoDB:PutItem', `${table}/index/byOwner`)).toBe(true)
  expect(allows('dynamodb:Query', `${table}/index/byOwner`)).toBe(false)
  expect(allows('execute-api:ManageConnections', 'arn:x:api/v1/POST/@connections/a+b=')).toBe(true)
  expect(allows('execute-api:ManageConnections', 'arn:x:api/v1/DELETE/@connections/a')).toBe(false)
})

test('an explicit denial overrides a permission', () => {
  const allows = grants([allow('*', '*'), { Effect: 'Deny', Action: 'dynamodb:DeleteItem', Resource: table }])
  expect(allows('dynamodb:PutItem', table)).toBe(true)
  expect(allows('dynamodb:DeleteItem', table)).toBe(false)
})

test('inline policies of the role count as well', () => {
  const allows = grants([], { Policies: [{ PolicyDocument: { Statement: [allow('dynamodb:Scan', '*')] } }] })
  expect(allows('dynamodb:Scan', table)).toBe(true)
})

test('a statement that cannot be evaluated is refused, unless it is for a service that the run does not have', () => {
  expect(() => grants([allow('dynamodb:GetItem', '*', { Condition: { StringLike: { a: 'b' } } })])).toThrow(
    'conditions',
  )
  expect(() => grants([{ Effect: 'Allow', NotAction: 'dynamodb:GetItem', Resource: '*' }])).toThrow('NotAction')
  expect(() => grants([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] })).toThrow(
    'AdministratorAccess',
  )
  expect(
    grants([allow('logs:PutLogEvents', '*', { Condition: { Bool: { a: true } } })])('logs:PutLogEvents', '*'),
  ).toBe(false)
})

const permissions = (operation: string, input: Record<string, unknown>) =>
  accessesOf(operation, input).map(({ action, resource }) => `${action} ${resource.replace(table, 'T')}`)

test('each item of a transaction needs a permission for its operation', () => {
  const item = { TableName: 'things' }
  expect(
    permissions('TransactWriteItems', {
      TransactItems: [{ ConditionCheck: item }, { Put: item }, { Update: item }, { Delete: item }],
    }),
  ).toEqual(['dynamodb:ConditionCheckItem T', 'dynamodb:PutItem T', 'dynamodb:UpdateItem T', 'dynamodb:DeleteItem T'])
  expect(permissions('TransactGetItems', { TransactItems: [{ Get: item }] })).toEqual(['dynamodb:GetItem T'])
})

test('a batch needs the permission for the batch operation on every table', () => {
  expect(permissions('BatchGetItem', { RequestItems: { things: {}, others: {} } })).toEqual([
    'dynamodb:BatchGetItem T',
    'dynamodb:BatchGetItem arn:aws:dynamodb:us-east-1:123456789012:table/others',
  ])
})

test('a query of an index needs a permission for the index', () => {
  expect(permissions('Query', { TableName: 'things', IndexName: 'byOwner' })).toEqual([
    'dynamodb:Query T/index/byOwner',
  ])
  expect(permissions('ListTables', {})).toEqual(['dynamodb:ListTables *'])
})
