import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { functions, otherFunctions, ping, routes } from '../../infra/routes.ts'
import { ofType, pascal, plain, synthesize, the } from './stack.ts'

const template = synthesize()
const goldenFile = join('test', 'infra', 'template.golden.json')

const routeOf = (key: string) => {
  const found = ofType(template, 'AWS::ApiGatewayV2::Route').find(([, { RouteKey }]) => RouteKey === key)
  if (found === undefined) throw new Error(`no route ${key}`)
  return found
}
const answered = (key: string) => {
  const [id] = routeOf(key)
  return ofType(template, 'AWS::ApiGatewayV2::RouteResponse').some(
    ([, response]) => plain(response.RouteId) === `\${${id}}` && response.RouteResponseKey === '$default',
  )
}
const integrationOf = (key: string) => {
  const id = plain(routeOf(key)[1].Target).replace(/^integrations\/\$\{(.*)\}$/, '$1')
  return template.Resources[id]?.Properties ?? {}
}

test('the template is the one that was reviewed; UPDATE_GOLDEN=1 accepts a new one', () => {
  const now = `${JSON.stringify(template, null, 2).replace(/\b[0-9a-f]{64}\b/g, '<hash>')}\n`
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(goldenFile, now)
  expect(existsSync(goldenFile) ? readFileSync(goldenFile, 'utf8') : '').toBe(now)
})

test('the stack stays far below the 500 resources that CloudFormation allows', () => {
  expect(Object.keys(template.Resources).length).toBeLessThan(250)
})

describe('tables', () => {
  const table = (name: string) => the(template, 'AWS::DynamoDB::GlobalTable', `Tables${name}`)
  const replica = (name: string) => (table(name)[1].Replicas as Record<string, unknown>[])[0]

  test('there are four, all on demand and under a key that costs nothing', () => {
    const tables = ofType(template, 'AWS::DynamoDB::GlobalTable')
    expect(tables).toHaveLength(4)
    for (const [, properties] of tables)
      expect(properties).toMatchObject({ BillingMode: 'PAY_PER_REQUEST', SSESpecification: { SSEEnabled: false } })
  })

  test.each(['Rooms', 'Messages', 'Records'])(
    '%s can be restored, cannot be deleted and outlives the stack',
    (name) => {
      expect(replica(name)).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      })
      expect(template.Resources[table(name)[0]]?.DeletionPolicy).toBe('Retain')
    },
  )

  test('Sessions forgets by itself and goes with the stack', () => {
    const [id, properties] = table('Sessions')
    expect(properties).toMatchObject({ TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } })
    expect(replica('Sessions')).not.toHaveProperty('PointInTimeRecoverySpecification')
    expect(template.Resources[id]?.DeletionPolicy).toBe('Delete')
  })

  test('a message is keyed by its room and its number, and a stream carries it as it was written', () => {
    expect(table('Messages')[1]).toMatchObject({
      KeySchema: [
        { AttributeName: 'roomId', KeyType: 'HASH' },
        { AttributeName: 'seq', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'roomId', AttributeType: 'S' },
        { AttributeName: 'seq', AttributeType: 'N' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    })
  })

  test('a user finds her connections, a category its rooms, a principal its grants', () => {
    expect(table('Sessions')[1].GlobalSecondaryIndexes).toMatchObject([
      { IndexName: 'byUser', KeySchema: [{ AttributeName: 'owner' }], Projection: { ProjectionType: 'KEYS_ONLY' } },
    ])
    expect(table('Rooms')[1].GlobalSecondaryIndexes).toMatchObject([
      {
        IndexName: 'byCategory',
        KeySchema: [{ AttributeName: 'categoryId' }, { AttributeName: 'pk' }],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'byPrincipal',
        KeySchema: [{ AttributeName: 'principal' }, { AttributeName: 'pk' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ])
  })
})

describe('routes', () => {
  test('the API knows exactly the routes of the table of routes, and ping', () => {
    const keys = ofType(template, 'AWS::ApiGatewayV2::Route').map(([, { RouteKey }]) => RouteKey)
    expect(keys.sort()).toEqual([...routes.map(({ key }) => key), ping].sort())
  })

  test.each(routes)('$key runs the function $function', ({ key, function: name }) => {
    const [functionId] = the(template, 'AWS::Lambda::Function', `${pascal(name)}Function`)
    const integration = integrationOf(key)
    expect(integration.IntegrationType).toBe('AWS_PROXY')
    expect(plain(integration.IntegrationUri)).toContain(`/functions/\${${functionId}.Arn}/invocations`)
  })

  test('every verb is answered by its route response; the two ends of a connection have none', () => {
    const verbs = [...routes.map(({ key }) => key), ping].filter((key) => !/^\$(dis)?connect$/.test(key))
    expect(verbs.filter((key) => !answered(key))).toEqual([])
    for (const key of verbs) expect(routeOf(key)[1].RouteResponseSelectionExpression).toBe('$default')
    expect(answered('$connect') || answered('$disconnect')).toBe(false)
  })

  test('no function is left without a route', () => {
    const reached = new Set(routes.map((route) => route.function))
    expect(functions.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([])
  })

  test('a handshake meets the authorizer wherever its token is, or when it has none', () => {
    const [authorizerId, authorizer] = the(template, 'AWS::ApiGatewayV2::Authorizer', 'SocketAuthorizer')
    expect(authorizer.AuthorizerType).toBe('REQUEST')
    expect(authorizer).not.toHaveProperty('IdentitySource')
    expect(routeOf('$connect')[1]).toMatchObject({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: authorizerId } })
  })

  test('API Gateway alone answers ping', () => {
    expect(integrationOf(ping).IntegrationType).toBe('MOCK')
  })

  test('a stage takes a tenth of what the account may take, and bills no metric per route', () => {
    const [, stage] = the(template, 'AWS::ApiGatewayV2::Stage', 'SocketStage')
    expect(stage).toMatchObject({ StageName: 'chat', AutoDeploy: true })
    expect(stage.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 500 })
  })
})

describe('functions', () => {
  const everyFunction = ofType(template, 'AWS::Lambda::Function')

  test('run the newest long-term Node on arm64', () => {
    expect(everyFunction).toHaveLength(functions.length + otherFunctions.length)
    for (const [, properties] of everyFunction)
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
  })

  test('give up after ten seconds, or where all who are in a room may have to go, as late as API Gateway does', () => {
    const patient = ['categories', 'rooms']
    for (const { name } of functions) {
      const [, { Timeout }] = the(template, 'AWS::Lambda::Function', `${pascal(name)}Function`)
      expect({ name, Timeout }).toEqual({ name, Timeout: patient.includes(name) ? 29 : 10 })
    }
  })

  test('each has a log group of its own that keeps a month', () => {
    const groups = everyFunction.map(([, { LoggingConfig }]) =>
      plain((LoggingConfig as { LogGroup: unknown }).LogGroup),
    )
    expect(new Set(groups).size).toBe(everyFunction.length)
    for (const group of groups) {
      const log = template.Resources[group.slice(2, -1)]
      expect(log).toMatchObject({ DeletionPolicy: 'Delete', Properties: { RetentionInDays: 30 } })
    }
  })
})

describe('access log', () => {
  test('is off by default, since a fresh account has no role to write it', () => {
    expect(the(template, 'AWS::ApiGatewayV2::Stage', 'SocketStage')[1]).not.toHaveProperty('AccessLogSettings')
  })

  test('has no place in which a token could appear', () => {
    const [, stage] = the(synthesize({ accessLog: 'true' }), 'AWS::ApiGatewayV2::Stage', 'SocketStage')
    const { Format } = stage.AccessLogSettings as { Format: string }
    expect(JSON.parse(Format)).toMatchObject({ requestId: '$context.requestId', route: '$context.routeKey' })
    expect(Format).not.toMatch(/header|query|body/i)
  })
})

describe('large rooms', () => {
  const one = (type: string) => ofType(template, type)[0]?.[1] ?? {}
  const queue = `\${${the(template, 'AWS::SQS::Queue', 'LargeRoomsUndelivered')[0]}.Arn}`
  const destinationOf = (properties: Record<string, unknown>) => {
    const { OnFailure } = properties.DestinationConfig as { OnFailure: { Destination: unknown } }
    return plain(OnFailure.Destination)
  }

  test('only what is said in one of them starts a broadcast', () => {
    const { Filters } = one('AWS::Lambda::EventSourceMapping').FilterCriteria as { Filters: { Pattern: string }[] }
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { NewImage: { broadcast: { S: [{ exists: true }] } } } },
    ])
  })

  test('what fails is tried again in halves, a bounded time, and then kept', () => {
    const mapping = one('AWS::Lambda::EventSourceMapping')
    expect(mapping).toMatchObject({
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 600,
      MaximumBatchingWindowInSeconds: 0,
    })
    const orders = one('AWS::Lambda::EventInvokeConfig')
    expect(orders).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 600 })
    for (const source of [mapping, orders]) expect(destinationOf(source)).toBe(queue)
  })

  test('workers have their own share of the account’s concurrency, which a small account can give up', () => {
    const reservedIn = (of: typeof template) =>
      the(of, 'AWS::Lambda::Function', 'DeliverFunction')[1].ReservedConcurrentExecutions
    expect(reservedIn(template)).toBe(20)
    expect(reservedIn(synthesize({ workers: '0' }))).toBeUndefined()
    expect(() => synthesize({ workers: 'many' })).toThrow('"workers" must be a whole number of at least 0')
  })

  test('the queue is encrypted, keeps for two weeks and takes nothing in the clear', () => {
    expect(one('AWS::SQS::Queue')).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 })
    expect(JSON.stringify(one('AWS::SQS::QueuePolicy'))).toContain('aws:SecureTransport')
  })
})

test('the outputs tell a client where to connect and whose tokens to bring, and an operator where to look', () => {
  const forClients = ['ClientId', 'Issuer', 'Url', 'UserPoolId']
  expect(Object.keys(template.Outputs).sort()).toEqual(['DeliverFunction', 'UndeliveredQueue', ...forClients].sort())
  expect(plain(template.Outputs.Url?.Value)).toMatch(/^wss:\/\/.*\/chat$/)
})
