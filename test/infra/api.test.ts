import { byId, propertiesOf, readStack } from './stack.ts'

/** The function of each route, written by hand. */
const functionOf: Record<string, string> = {
  $connect: 'Connect',
  $disconnect: 'Disconnect',
  $default: 'Unknown',
  hello: 'Hello',
  sync: 'Sync',
  join: 'Join',
  leave: 'Leave',
  send: 'Send',
  history: 'History',
  participants: 'Participants',
  createRoom: 'Rooms',
  getRoom: 'Rooms',
  updateRoom: 'Rooms',
  moveRoom: 'Rooms',
  deleteRoom: 'Rooms',
  createCategory: 'Categories',
  updateCategory: 'Categories',
  deleteCategory: 'Categories',
  categories: 'Categories',
  browse: 'Directory',
  invitations: 'People',
  preference: 'People',
  block: 'People',
  unblock: 'People',
  blocks: 'People',
  grant: 'Roles',
  revoke: 'Roles',
  roles: 'Roles',
  removeMessages: 'Moderation',
  purge: 'Moderation',
  record: 'Moderation',
  suspend: 'Administration',
  unsuspend: 'Administration',
  suspended: 'Administration',
  disconnect: 'Administration',
  retention: 'Administration',
  legalHold: 'Administration',
  erase: 'Administration',
}
const routeKeys = [...Object.keys(functionOf), 'ping']
const functions = [...new Set(Object.values(functionOf))]

const template = readStack()
const routes = byId(template, 'AWS::ApiGatewayV2::Route')
const responses = byId(template, 'AWS::ApiGatewayV2::RouteResponse')
const integrations = byId(template, 'AWS::ApiGatewayV2::Integration')
const permissions = byId(template, 'AWS::Lambda::Permission')

const api = { ApiId: '{SocketApi}' }
const apiArn = 'arn:{AWS::Partition}:execute-api:{AWS::Region}:{AWS::AccountId}:{SocketApi}'
const invocationUri = (name: string) =>
  `arn:{AWS::Partition}:apigateway:{AWS::Region}:lambda:path/2015-03-31/functions/{${name}Function.Arn}/invocations`

const routeOf = (key: string) => Object.entries(routes).find(([, { RouteKey }]) => RouteKey === key) ?? ['', {}]
const responsesOf = (key: string) => {
  const [id] = routeOf(key)
  return Object.values(responses).filter(({ RouteId }) => RouteId === `{${id}}`)
}

test('the API selects a route by the action of a frame', () => {
  expect(propertiesOf(template, 'SocketApi')).toEqual({
    Name: 'PersistentChat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  })
})

test('the stage admits a tenth of the requests of the account, and has no access log and no metrics per route', () => {
  expect(propertiesOf(template, 'SocketStage')).toEqual({
    ...api,
    StageName: 'chat',
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 500 },
  })
})

describe('routes', () => {
  test('the API has these routes and no others', () => {
    expect(Object.values(routes).map(({ RouteKey }) => RouteKey)).toEqual(expect.arrayContaining(routeKeys))
    expect(Object.keys(routes)).toHaveLength(routeKeys.length)
  })

  test.each(Object.entries(functionOf))('%s runs the function %s', (key, name) => {
    const [, { Target }] = routeOf(key)
    expect(Target).toBe(`integrations/{${name}Integration}`)
  })

  test('only $connect has an authorizer', () => {
    const [, { Target, ...route }] = routeOf('$connect')
    const authorization = { AuthorizationType: 'CUSTOM', AuthorizerId: '{SocketAuthorizer}' }
    expect(route).toEqual({ ...api, RouteKey: '$connect', ...authorization })
  })

  test('$disconnect has no response', () => {
    const [, { Target, ...route }] = routeOf('$disconnect')
    expect(route).toEqual({ ...api, RouteKey: '$disconnect' })
    expect([...responsesOf('$connect'), ...responsesOf('$disconnect')]).toEqual([])
  })

  test.each(routeKeys.filter((key) => !/^\$(dis)?connect$/.test(key)))('%s has a route response', (key) => {
    const [id, { Target, ...route }] = routeOf(key)
    expect(route).toEqual({ ...api, RouteKey: key, RouteResponseSelectionExpression: '$default' })
    expect(responsesOf(key)).toEqual([{ ...api, RouteId: `{${id}}`, RouteResponseKey: '$default' }])
  })
})

describe('integrations', () => {
  test('there is one for each function with a route, and one for ping', () => {
    const ids = [...functions.map((name) => `${name}Integration`), 'SocketTemplateIntegration']
    expect(Object.keys(integrations).sort()).toEqual(ids.sort())
  })

  test.each(functions)('API Gateway invokes %s and passes its reply on', (name) => {
    expect(integrations[`${name}Integration`]).toEqual({
      ...api,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: invocationUri(name),
    })
  })

  // ping.test.ts renders the templates.
  test('API Gateway answers ping without a function', () => {
    expect(routeOf('ping')[1].Target).toBe('integrations/{SocketTemplateIntegration}')
    expect(integrations.SocketTemplateIntegration).toEqual({
      ...api,
      IntegrationType: 'MOCK',
      TemplateSelectionExpression: '\\$default',
      RequestTemplates: { $default: expect.any(String) },
    })
    expect(Object.values(byId(template, 'AWS::ApiGatewayV2::IntegrationResponse'))).toEqual([
      {
        ...api,
        IntegrationId: '{SocketTemplateIntegration}',
        IntegrationResponseKey: '$default',
        TemplateSelectionExpression: '\\$default',
        ResponseTemplates: { $default: expect.any(String) },
      },
    ])
  })
})

describe('authorizer', () => {
  test('it runs for every handshake, with or without a token, because it names no identity source', () => {
    expect(propertiesOf(template, 'SocketAuthorizer')).toEqual({
      ...api,
      Name: 'token',
      AuthorizerType: 'REQUEST',
      AuthorizerUri: invocationUri('Authorizer'),
    })
  })
})

describe('permissions to invoke', () => {
  const permission = (name: string, source: string) => ({
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    FunctionName: `{${name}Function.Arn}`,
    SourceArn: `${apiArn}${source}`,
  })

  test.each(functions)('only this stage may invoke %s', (name) => {
    expect(permissions[`${name}Permission`]).toEqual(permission(name, '/chat/*'))
  })

  test('only this authorizer may invoke its function', () => {
    const source = '/authorizers/{SocketAuthorizer.AuthorizerId}'
    expect(permissions.AuthorizerPermission).toEqual(permission('Authorizer', source))
  })

  test('only the daily rule may invoke jobs', () => {
    expect(permissions.DailyPermission).toEqual({
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      FunctionName: '{JobsFunction.Arn}',
      SourceArn: '{DailyRule.Arn}',
    })
    expect(propertiesOf(template, 'DailyRule')).toMatchObject({
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Arn: '{JobsFunction.Arn}' }],
    })
  })

  test('there are no others', () => expect(Object.keys(permissions)).toHaveLength(functions.length + 2))
})

describe('access log', () => {
  const stack = readStack({ accessLog: 'true' })

  test('it is off by default, because a new account has no role to write it', () => {
    expect(propertiesOf(template, 'SocketStage')).not.toHaveProperty('AccessLogSettings')
  })

  test('it is kept for a month and contains no field in which a token could appear', () => {
    expect(propertiesOf(stack, 'SocketAccessLog')).toEqual({ RetentionInDays: 30 })
    const { DestinationArn, Format } = propertiesOf(stack, 'SocketStage').AccessLogSettings as Record<string, string>
    expect(DestinationArn).toBe('{SocketAccessLog.Arn}')
    expect(JSON.parse(Format ?? '')).toEqual({
      time: '$context.requestTimeEpoch',
      requestId: '$context.requestId',
      connectionId: '$context.connectionId',
      event: '$context.eventType',
      route: '$context.routeKey',
      status: '$context.status',
      user: '$context.authorizer.principalId',
      ip: '$context.identity.sourceIp',
      failure: '$context.error.responseType',
      integrationStatus: '$context.integrationStatus',
      integrationLatency: '$context.integrationLatency',
    })
  })
})
