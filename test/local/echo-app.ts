import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Resources of a template, by logical id. */
export type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>

export const att = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] })
const invocation = (id: string) => ({
  'Fn::Sub': [
    `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${arn}/invocations`,
    { arn: att(id, 'Arn') },
  ],
})

export function lambda(id: string, handler: string, properties: Record<string, unknown> = {}): Resources {
  return {
    [id]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: id.toLowerCase(),
        Runtime: 'nodejs22.x',
        Handler: `index.${handler}`,
        Code: { S3Bucket: 'bucket', S3Key: 'echo.zip' },
        Role: att('Role', 'Arn'),
        Timeout: 20,
        Environment: {
          Variables: {
            TABLE: { Ref: 'Table' },
            CONNECTIONS_URL: {
              'Fn::Join': [
                '',
                [
                  'https://',
                  { Ref: 'Api' },
                  '.execute-api.',
                  { Ref: 'AWS::Region' },
                  '.',
                  { Ref: 'AWS::URLSuffix' },
                  '/v1',
                ],
              ],
            },
            ISSUER: att('Pool', 'ProviderURL'),
            AUDIENCE: { Ref: 'Client' },
          },
        },
        ...properties,
      },
    },
    [`${id}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: invocation(id) },
    },
  }
}

export function route(id: string, key: string, integration: string, twoWay = true, more = {}): Resources {
  const properties = {
    ApiId: { Ref: 'Api' },
    RouteKey: key,
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: integration }]] },
    ...(twoWay && { RouteResponseSelectionExpression: '$default' }),
    ...more,
  }
  return {
    [id]: { Type: 'AWS::ApiGatewayV2::Route', Properties: properties },
    ...(twoWay && {
      [`${id}Response`]: {
        Type: 'AWS::ApiGatewayV2::RouteResponse',
        Properties: { ApiId: { Ref: 'Api' }, RouteId: { Ref: id }, RouteResponseKey: '$default' },
      },
    }),
  }
}

export const allow = (Action: unknown, Resource: unknown) => ({ Effect: 'Allow', Action, Resource })

/** A template with every kind of resource that the local run implements; its functions are in `handlers`. */
export const echoResources: Resources = {
  Api: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
  },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, StageName: 'v1' } },
  Log: { Type: 'AWS::Logs::LogGroup' },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      ManagedPolicyArns: [
        { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole` },
      ],
    },
  },
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyDocument: {
        Statement: [
          allow(['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query'], att('Table', 'Arn')),
          allow('dynamodb:Query', { 'Fn::Sub': `\${Table.Arn}/index/byOwner` }),
          allow('execute-api:ManageConnections', {
            'Fn::Sub': `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/v1/*/@connections/*`,
          }),
        ],
      },
      Roles: [{ Ref: 'Role' }],
    },
  },
  PoorRole: { Type: 'AWS::IAM::Role', Properties: {} },
  Table: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      TableName: 'things',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'owner', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: ['byOwner', 'hidden'].map((IndexName) => ({
        IndexName,
        KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      })),
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      Replicas: [{ Region: { Ref: 'AWS::Region' } }],
    },
  },
  Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
  Client: { Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: { Ref: 'Pool' } } },
  ...lambda('Authorize', 'authorize'),
  ...lambda('Connect', 'connect'),
  ...lambda('Disconnect', 'disconnect'),
  ...lambda('Message', 'message'),
  ...lambda('Brief', 'message', { Timeout: 2 }),
  ...lambda('Single', 'message', { ReservedConcurrentExecutions: 1 }),
  ...lambda('Poor', 'poor', { Role: att('PoorRole', 'Arn') }),
  Gate: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: { ApiId: { Ref: 'Api' }, AuthorizerType: 'REQUEST', AuthorizerUri: invocation('Authorize') },
  },
  ...route('ConnectRoute', '$connect', 'ConnectIntegration', false, {
    AuthorizationType: 'CUSTOM',
    AuthorizerId: { Ref: 'Gate' },
  }),
  ...route('DisconnectRoute', '$disconnect', 'DisconnectIntegration', false),
  ...route('AskRoute', 'ask', 'MessageIntegration'),
  ...route('TellRoute', 'tell', 'MessageIntegration', false),
  ...route('BriefRoute', 'brief', 'BriefIntegration'),
  ...route('SingleRoute', 'single', 'SingleIntegration'),
  ...route('PoorRoute', 'poor', 'PoorIntegration'),
  MockIntegration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'MOCK',
      TemplateSelectionExpression: '\\$default',
      RequestTemplates: { $default: `{"statusCode":200,"id":$input.json('$.id')}` },
    },
  },
  MockResponse: {
    Type: 'AWS::ApiGatewayV2::IntegrationResponse',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationId: { Ref: 'MockIntegration' },
      IntegrationResponseKey: '/2\\d\\d/',
      ResponseTemplates: { $default: `{"pong":$input.json('$.id'),"at":"$context.routeKey"}` },
    },
  },
  ...route('PingRoute', 'ping', 'MockIntegration'),
}

/** Writes an assembly into `dir`, as synthesis does. `changes` adds or replaces resources. */
export function writeAssembly(dir: string, changes: Resources = {}): string {
  mkdirSync(dir, { recursive: true })
  const write = (name: string, value: unknown) => writeFileSync(join(dir, name), JSON.stringify(value))
  write('manifest.json', {
    artifacts: {
      Echo: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Echo.template.json' } },
      'Echo.assets': { type: 'cdk:asset-manifest', properties: { file: 'Echo.assets.json' } },
    },
  })
  write('Echo.assets.json', {
    files: {
      echo: {
        source: { path: 'asset.echo', packaging: 'zip' },
        destinations: { current: { bucketName: 'bucket', objectKey: 'echo.zip' } },
      },
    },
  })
  write('Echo.template.json', { Resources: { ...echoResources, ...changes } })
  mkdirSync(join(dir, 'asset.echo'), { recursive: true })
  // The handlers must stay where they find node_modules, so the asset only exports them.
  const handlers = join(process.cwd(), 'test/local/handlers/index.mjs')
  writeFileSync(join(dir, 'asset.echo/index.mjs'), `export * from ${JSON.stringify(handlers)}\n`)
  return dir
}
