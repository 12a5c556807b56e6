import { readable, readStack, type StackTemplate, synthesize } from './stack.ts'

/**
 * Resources that hold data, or an address that clients keep. CloudFormation replaces a resource whose logical id
 * changes, and deployed stacks would start with an empty one. This list may grow; a line must not change.
 */
const lastingIds: Record<string, string> = {
  TablesSessions486350CB: 'AWS::DynamoDB::GlobalTable',
  TablesRooms119D85BA: 'AWS::DynamoDB::GlobalTable',
  TablesMessages5F3A57D1: 'AWS::DynamoDB::GlobalTable',
  TablesRecords353FBC94: 'AWS::DynamoDB::GlobalTable',
  TablesBudgetsFD901A3B: 'AWS::DynamoDB::GlobalTable',
  IdentityUsers61009EFD: 'AWS::Cognito::UserPool',
  IdentityClient148304DC: 'AWS::Cognito::UserPoolClient',
  IdentityAdminsC499A4D7: 'AWS::Cognito::UserPoolGroup',
  SocketApiF12253BF: 'AWS::ApiGatewayV2::Api',
  SocketStage04D5B438: 'AWS::ApiGatewayV2::Stage',
  LargeRoomsUndelivered5607EBC3: 'AWS::SQS::Queue',
}

const lastingIdsOfPage: Record<string, string> = {
  PageFiles79CCA538: 'AWS::S3::Bucket',
  PageDistributionFBB4E0B8: 'AWS::CloudFront::Distribution',
  IdentityUsersSignInF3218898: 'AWS::Cognito::UserPoolDomain',
}

const countsByType = {
  'AWS::ApiGatewayV2::Api': 1,
  'AWS::ApiGatewayV2::Authorizer': 1,
  'AWS::ApiGatewayV2::Integration': 18,
  'AWS::ApiGatewayV2::IntegrationResponse': 1,
  'AWS::ApiGatewayV2::Route': 39,
  'AWS::ApiGatewayV2::RouteResponse': 37,
  'AWS::ApiGatewayV2::Stage': 1,
  'AWS::CloudWatch::Alarm': 21,
  'AWS::CloudWatch::Dashboard': 1,
  'AWS::Cognito::UserPool': 1,
  'AWS::Cognito::UserPoolClient': 1,
  'AWS::Cognito::UserPoolGroup': 1,
  'AWS::DynamoDB::GlobalTable': 5,
  'AWS::Events::Rule': 1,
  'AWS::IAM::Policy': 1,
  'AWS::IAM::Role': 22,
  'AWS::Lambda::EventInvokeConfig': 3,
  'AWS::Lambda::EventSourceMapping': 1,
  'AWS::Lambda::Function': 22,
  'AWS::Lambda::Permission': 19,
  'AWS::Logs::LogGroup': 22,
  'AWS::Logs::QueryDefinition': 7,
  'AWS::SQS::Queue': 1,
  'AWS::SQS::QueuePolicy': 1,
}

/** Resources that the web page adds. */
const countsOfPage = {
  'AWS::CloudFront::Distribution': 1,
  'AWS::CloudFront::OriginAccessControl': 1,
  'AWS::CloudFront::ResponseHeadersPolicy': 1,
  'AWS::Cognito::UserPoolDomain': 1,
  'AWS::IAM::Policy': 1,
  'AWS::IAM::Role': 1,
  'AWS::Lambda::Function': 1,
  'AWS::Lambda::LayerVersion': 1,
  'AWS::Logs::LogGroup': 1,
  'AWS::S3::Bucket': 1,
  'AWS::S3::BucketPolicy': 1,
  'Custom::CDKBucketDeployment': 1,
}

const kept = ['IdentityUsers', 'TablesMessages', 'TablesRecords', 'TablesRooms']

/** Log groups need no list: each function has one, and all are deleted. */
const deleted = ['LargeRoomsUndelivered', 'TablesBudgets', 'TablesSessions']
const deletedWithPage = [...deleted, 'PageDeploymentCustomResource', 'PageFiles']

const raw = synthesize()
const rawWithPage = synthesize({ demo: 'true' })
const template = readable(raw)
const withPage = readable(rawWithPage)

const typesOf = (stack: StackTemplate, ids: string[]) =>
  Object.fromEntries(ids.map((id) => [id, stack.Resources[id]?.Type]))

function countTypes({ Resources }: StackTemplate): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { Type } of Object.values(Resources)) counts[Type] = (counts[Type] ?? 0) + 1
  return counts
}

function withPolicy({ Resources }: StackTemplate, policy: 'RetainExceptOnCreate' | 'Delete'): string[] {
  const found = Object.entries(Resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === policy)
  return found.flatMap(([id, { Type }]) => (Type === 'AWS::Logs::LogGroup' ? [] : [id])).sort()
}

describe('logical ids', () => {
  test('resources with data or with an address keep the ids of deployed stacks', () => {
    expect(typesOf(raw, Object.keys(lastingIds))).toEqual(lastingIds)
  })

  test('the page does not change them, and has such resources as well', () => {
    const expected = { ...lastingIds, ...lastingIdsOfPage }
    expect(typesOf(rawWithPage, Object.keys(expected))).toEqual(expected)
  })

  test.each([
    { accessLog: 'true' },
    { workers: '20' },
    { stack: 'Dev' },
    { removal: 'delete', retention: '7', tracing: 'true' },
    { protect: 'true', domain: 'chat.example.com', certificate: 'arn:aws:acm:eu-west-1:111122223333:certificate/one' },
    { epoch: '2', chatDomain: 'example.com', adminGroup: 'ops', allowedOrigins: 'https://chat.example.com' },
  ])('the settings %j do not change them', (context) => {
    expect(typesOf(synthesize(context), Object.keys(lastingIds))).toEqual(lastingIds)
  })

  test('the list contains every table, pool, bucket, queue, API and distribution', () => {
    const lasting = /::(GlobalTable|Table|UserPool|Bucket|Queue|Api|Distribution)$/
    const found = Object.keys(rawWithPage.Resources).filter((id) => lasting.test(rawWithPage.Resources[id]?.Type ?? ''))
    const listed = { ...lastingIds, ...lastingIdsOfPage }
    expect(found.filter((id) => listed[id] === undefined)).toEqual([])
  })
})

describe('number of resources', () => {
  test('the stack has these resources and no others', () => expect(countTypes(template)).toEqual(countsByType))

  test('the access log adds one log group', () => {
    const counts = countTypes(synthesize({ accessLog: 'true' }))
    expect(counts).toEqual({ ...countsByType, 'AWS::Logs::LogGroup': 23 })
  })

  test('the page adds these resources and no others', () => {
    const added = { ...withPage, Resources: { ...withPage.Resources } }
    for (const id of Object.keys(template.Resources)) delete added.Resources[id]
    expect(countTypes(added)).toEqual(countsOfPage)
  })

  test('the stack stays far below the 500 resources that CloudFormation allows', () => {
    expect(Object.keys(withPage.Resources).length).toBeLessThan(250)
  })
})

describe('deletion of the stack', () => {
  test('the user pool and the tables with data of users stay, unless their creation fails', () => {
    expect(withPolicy(template, 'RetainExceptOnCreate')).toEqual(kept)
    expect(withPolicy(withPage, 'RetainExceptOnCreate')).toEqual(kept)
  })

  test('with removal=delete everything is deleted', () => {
    const stack = readStack({ removal: 'delete' })
    expect(withPolicy(stack, 'RetainExceptOnCreate')).toEqual([])
    expect(withPolicy(stack, 'Delete')).toEqual([...kept, ...deleted].sort())
  })

  test('no resource forbids its deletion by default, so a first deployment that fails leaves nothing', () => {
    expect(JSON.stringify(withPage)).not.toMatch(/"DeletionProtection(Enabled)?":(true|"ACTIVE")/)
    expect(Object.values(withPage.Resources).map(({ DeletionPolicy }) => DeletionPolicy)).not.toContain('Retain')
  })

  test('sessions, budgets, the queue and the page are deleted', () => {
    expect(withPolicy(template, 'Delete')).toEqual(deleted)
    expect(withPolicy(withPage, 'Delete')).toEqual(deletedWithPage.sort())
  })

  test('the replacement of a resource keeps or deletes its data as the deletion of the stack does', () => {
    for (const { DeletionPolicy, UpdateReplacePolicy } of Object.values(withPage.Resources))
      expect(UpdateReplacePolicy).toBe(DeletionPolicy?.replace('RetainExceptOnCreate', 'Retain'))
  })
})

// order.test.ts has the order of the parts of the API.
test('a function waits for its role, and outside the API no resource has an explicit dependency or condition', () => {
  const known = ['Type', 'Properties', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy']
  for (const [id, resource] of Object.entries(template.Resources)) {
    expect(Object.keys(resource).filter((name) => !known.includes(name))).toEqual([])
    if (resource.Type.startsWith('AWS::ApiGatewayV2::')) continue
    const role = resource.Type === 'AWS::Lambda::Function' ? [id.replace(/Function$/, 'Role')] : undefined
    expect({ id, dependsOn: resource.DependsOn }).toEqual({ id, dependsOn: role })
  }
})

describe('outputs', () => {
  const forOperators = {
    UndeliveredQueue: '{LargeRoomsUndelivered}',
    DeliverFunction: '{DeliverFunction}',
    ReviewFunction: '{ReviewFunction}',
  }
  const url = 'wss://{SocketApi}.execute-api.{AWS::Region}.{AWS::URLSuffix}/chat'
  const forClients = { Url: url, Issuer: '{IdentityUsers.ProviderURL}', ClientId: '{IdentityClient}' }
  const outputs = { ...forOperators, ...forClients, UserPoolId: '{IdentityUsers}' }
  const asOutputs = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, Value]) => [name, { Value }]))

  test('clients get the address, the issuer and the client id; operators get the pool, the queue and the workers', () => {
    expect(template.Outputs).toEqual(asOutputs(outputs))
  })

  test('the page adds its address', () => {
    expect(withPage.Outputs).toEqual(asOutputs({ ...outputs, Page: 'https://{PageDistribution.DomainName}' }))
  })

  test('with another issuer there is no pool and no client id', () => {
    const issuer = 'https://login.example.com'
    const { Outputs } = readStack({ issuer, audience: 'chat' })
    expect(Outputs).toEqual(asOutputs({ ...forOperators, Url: url, Issuer: issuer }))
  })
})
