import { ofType, plain, synthesize, the } from './stack.ts'

const bare = synthesize()
const template = synthesize({ demo: 'true' })
const [distribution, { DistributionConfig }] = the(template, 'AWS::CloudFront::Distribution', 'PageDistribution')
const address = `https://\${${distribution}.DomainName}`

const originsOf = (stack: ReturnType<typeof synthesize>) => {
  const [, { Environment }] = the(stack, 'AWS::Lambda::Function', 'AuthorizerFunction')
  return plain((Environment as { Variables: Record<string, unknown> }).Variables.ALLOWED_ORIGINS)
}

describe('unless it is asked for', () => {
  test('there is no page, and nobody signs in in a browser', () => {
    expect(bare.Outputs).not.toHaveProperty('Page')
    for (const type of ['AWS::S3::Bucket', 'AWS::CloudFront::Distribution', 'AWS::Cognito::UserPoolDomain'])
      expect(ofType(bare, type)).toEqual([])
    const [, client] = the(bare, 'AWS::Cognito::UserPoolClient', 'IdentityClient')
    expect(client.AllowedOAuthFlowsUserPoolClient).toBe(false)
  })
})

describe('with demo=true', () => {
  test('the files are in a bucket that is closed to the public, and the distribution alone reads them', () => {
    const [bucket, properties] = the(template, 'AWS::S3::Bucket', 'PageFiles')
    expect(properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    })
    expect(ofType(template, 'AWS::CloudFront::OriginAccessControl')).toHaveLength(1)
    const [, policy] = ofType(template, 'AWS::S3::BucketPolicy').find(
      ([, { Bucket }]) => plain(Bucket) === `\${${bucket}}`,
    ) ?? ['', {}]
    expect(JSON.stringify(policy)).toContain('"Service":"cloudfront.amazonaws.com"')
    expect(JSON.stringify(policy)).toContain(distribution)
  })

  test('it is served over TLS, with a policy that lets in no foreign script', () => {
    expect(DistributionConfig).toMatchObject({
      DefaultRootObject: 'index.html',
      DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https' },
    })
    const [, headers] = the(template, 'AWS::CloudFront::ResponseHeadersPolicy', 'PageHeaders')
    const written = JSON.stringify(headers)
    expect(written).toContain("default-src 'none'; script-src 'self'")
    expect(written).toContain("frame-ancestors 'none'")
    expect(written).not.toContain('unsafe')
  })

  test('its origin may connect, besides those that are named', () => {
    expect(originsOf(template)).toBe(address)
    expect(originsOf(synthesize({ demo: 'true', allowedOrigins: 'https://chat.example.com' }))).toBe(
      `https://chat.example.com,${address}`,
    )
  })

  test("people sign in on the pool's own pages, with a code and no secret, and come back here", () => {
    const [, client] = the(template, 'AWS::Cognito::UserPoolClient', 'IdentityClient')
    expect(client).toMatchObject({
      AllowedOAuthFlows: ['code'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ['openid', 'profile', 'email'],
      GenerateSecret: false,
    })
    expect([client.CallbackURLs].flat().map(plain)).toEqual([`${address}/`])
    expect(ofType(template, 'AWS::Cognito::UserPoolDomain')).toHaveLength(1)
  })

  test('where the tokens are of another issuer, it signs nobody in itself', () => {
    const theirs = synthesize({ demo: 'true', issuer: 'https://login.example.com', audience: 'chat' })
    expect(Object.values(theirs.Resources).filter(({ Type }) => Type.startsWith('AWS::Cognito::'))).toEqual([])
    expect(theirs.Outputs).toHaveProperty('Page')
  })

  test('the address is told, and nothing else of the stack is any different', () => {
    expect(plain(template.Outputs.Page?.Value)).toBe(address)
    const changed = Object.keys(bare.Resources).filter(
      (id) => JSON.stringify(bare.Resources[id]) !== JSON.stringify(template.Resources[id]),
    )
    expect(changed.map((id) => id.slice(0, -8)).sort()).toEqual(['AuthorizerFunction', 'IdentityClient'])
  })

  test('nothing of it is billed by the hour', () => {
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
