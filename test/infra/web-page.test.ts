import { byId, ofType, type Properties, propertiesOf, readStack, type StackTemplate } from './stack.ts'

const bare = readStack()
const template = readStack({ demo: 'true' })
const address = 'https://{PageDistribution.DomainName}'

const originsOf = (stack: StackTemplate) => {
  const { Environment } = propertiesOf(stack, 'AuthorizerFunction')
  return (Environment as { Variables: Properties }).Variables.ALLOWED_ORIGINS
}

describe('by default', () => {
  test('there is no page, and no sign-in in a browser', () => {
    expect(bare.Outputs).not.toHaveProperty('Page')
    for (const type of ['AWS::S3::Bucket', 'AWS::CloudFront::Distribution', 'AWS::Cognito::UserPoolDomain'])
      expect(ofType(bare, type)).toEqual([])
    expect(propertiesOf(bare, 'IdentityClient').AllowedOAuthFlowsUserPoolClient).toBe(false)
  })
})

describe('with demo=true', () => {
  test('the bucket is closed to the public and encrypted', () => {
    expect(propertiesOf(template, 'PageFiles')).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    })
  })

  test('only the distribution reads the bucket, and only with TLS', () => {
    const { PolicyDocument } = propertiesOf(template, 'PageFilesPolicy') as {
      PolicyDocument: { Statement: Properties[] }
    }
    const distribution = 'arn:{AWS::Partition}:cloudfront::{AWS::AccountId}:distribution/{PageDistribution}'
    expect(PolicyDocument.Statement).toEqual([
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:*',
        Resource: ['{PageFiles.Arn}', '{PageFiles.Arn}/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: '{PageFiles.Arn}/*',
        Condition: { StringEquals: { 'AWS:SourceArn': distribution } },
      },
    ])
    expect(ofType(template, 'AWS::CloudFront::OriginAccessControl')).toHaveLength(1)
  })

  test('the distribution serves the page over TLS, from the cheapest locations', () => {
    expect(propertiesOf(template, 'PageDistribution').DistributionConfig).toMatchObject({
      DefaultRootObject: 'index.html',
      PriceClass: 'PriceClass_100',
      DefaultCacheBehavior: {
        ViewerProtocolPolicy: 'redirect-to-https',
        ResponseHeadersPolicyId: '{PageHeaders}',
      },
    })
  })

  test('the page loads no foreign script, and no other site may put it into a frame', () => {
    const { ResponseHeadersPolicyConfig } = propertiesOf(template, 'PageHeaders') as Record<string, Properties>
    expect(ResponseHeadersPolicyConfig?.SecurityHeadersConfig).toEqual({
      ContentSecurityPolicy: {
        ContentSecurityPolicy:
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
          "connect-src 'self' wss: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        Override: true,
      },
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
    })
  })

  test('a deployment replaces the files, which browsers always ask for again', () => {
    expect(propertiesOf(template, 'PageDeploymentCustomResource')).toMatchObject({
      DestinationBucketName: '{PageFiles}',
      SystemMetadata: { 'cache-control': 'no-cache' },
      Prune: true,
      RetainOnDelete: false,
    })
    expect(propertiesOf(template, 'PageDeploymentLog')).toEqual({ RetentionInDays: 30 })
  })

  test('the page learns the address of the chat, the issuer and the client id', () => {
    const { SourceMarkers } = propertiesOf(template, 'PageDeploymentCustomResource') as {
      SourceMarkers: Properties[]
    }
    expect(SourceMarkers.flatMap((markers) => Object.values(markers))).toEqual(
      expect.arrayContaining(['{SocketApi}', '{IdentityUsers.ProviderURL}', '{IdentityClient}']),
    )
  })

  test('its origin may connect, in addition to the origins in the settings', () => {
    expect(originsOf(template)).toBe(address)
    expect(originsOf(readStack({ demo: 'true', allowedOrigins: 'https://chat.example.com' }))).toBe(
      `https://chat.example.com,${address}`,
    )
  })

  test('users sign in on the pages of the pool, with a code and no secret, and return to the page', () => {
    expect(propertiesOf(template, 'IdentityClient')).toMatchObject({
      AllowedOAuthFlows: ['code'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ['openid', 'profile', 'email'],
      GenerateSecret: false,
      CallbackURLs: [`${address}/`],
      LogoutURLs: [`${address}/`],
    })
  })

  test('the domain of the sign-in pages has the id of the stack in its name, so no other stack has the same', () => {
    expect(byId(template, 'AWS::Cognito::UserPoolDomain')).toEqual({
      IdentityUsersSignIn: {
        UserPoolId: '{IdentityUsers}',
        Domain: 'chat-{"Fn::Select":[2,{"Fn::Split":["/","{AWS::StackId}"]}]}',
      },
    })
  })

  test('with another issuer, the stack has a page but no sign-in', () => {
    const stack = readStack({ demo: 'true', issuer: 'https://login.example.com', audience: 'chat' })
    expect(Object.values(stack.Resources).filter(({ Type }) => Type.startsWith('AWS::Cognito::'))).toEqual([])
    expect(stack.Outputs).toHaveProperty('Page')
  })

  test('the address is an output, and only the authorizer and the client of the pool change', () => {
    expect(template.Outputs.Page?.Value).toBe(address)
    const changed = Object.keys(bare.Resources).filter(
      (id) => JSON.stringify(bare.Resources[id]) !== JSON.stringify(template.Resources[id]),
    )
    expect(changed.sort()).toEqual(['AuthorizerFunction', 'IdentityClient'])
  })

  test('nothing that the page adds is billed by the hour', () => {
    const added = new Set(
      Object.entries(template.Resources)
        .filter(([id]) => bare.Resources[id] === undefined)
        .map(([, { Type }]) => Type),
    )
    expect([...added].sort()).toEqual([
      'AWS::CloudFront::Distribution',
      'AWS::CloudFront::OriginAccessControl',
      'AWS::CloudFront::ResponseHeadersPolicy',
      'AWS::Cognito::UserPoolDomain',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'AWS::Lambda::LayerVersion',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'Custom::CDKBucketDeployment',
    ])
  })
})
