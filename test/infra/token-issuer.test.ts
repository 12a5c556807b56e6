import { ofType, plain, synthesize, the } from './stack.ts'

const ours = { issuer: 'https://login.example.com/realms/us', audience: 'chat' }

const gate = (context: Record<string, string> = {}) => {
  const [, { Environment }] = the(synthesize(context), 'AWS::Lambda::Function', 'AuthorizerFunction')
  return (Environment as { Variables: Record<string, unknown> }).Variables
}

describe('with nothing said', () => {
  const template = synthesize()

  test('the stack has a user pool that no stranger can sign up to', () => {
    const [id, pool] = the(template, 'AWS::Cognito::UserPool', 'IdentityUsers')
    expect(pool).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'OPTIONAL',
      DeletionProtection: 'ACTIVE',
    })
    expect(template.Resources[id]?.DeletionPolicy).toBe('Retain')
  })

  test('its client holds no secret, takes no bare password and gives tokens for an hour', () => {
    const [, client] = the(template, 'AWS::Cognito::UserPoolClient', 'IdentityClient')
    expect(client).toMatchObject({ GenerateSecret: false, IdTokenValidity: 60, AccessTokenValidity: 60 })
    expect(client.ExplicitAuthFlows).not.toContain('ALLOW_USER_PASSWORD_AUTH')
    expect(client.ExplicitAuthFlows).toContain('ALLOW_USER_SRP_AUTH')
  })

  test('the group of administrators exists and is empty', () => {
    const [, group] = the(template, 'AWS::Cognito::UserPoolGroup', 'IdentityAdmins')
    expect(group.GroupName).toBe('chat-admins')
    expect(ofType(template, 'AWS::Cognito::UserPoolUserToGroupAttachment')).toEqual([])
  })

  test('the authorizer trusts that pool and that client, and no browser origin', () => {
    const { TOKEN_ISSUER, TOKEN_AUDIENCE, ALLOWED_ORIGINS } = gate()
    expect(plain(TOKEN_ISSUER)).toMatch(/^\$\{IdentityUsers.*\.ProviderURL\}$/)
    expect(plain(TOKEN_AUDIENCE)).toMatch(/^\$\{IdentityClient.*\}$/)
    expect(ALLOWED_ORIGINS).toBe('')
  })
})

describe('with an issuer and an audience', () => {
  test('there is no user pool and the authorizer trusts those', () => {
    const template = synthesize(ours)
    expect(Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::Cognito::'))).toEqual([])
    expect(Object.keys(template.Outputs).sort()).toEqual(['DeliverFunction', 'Issuer', 'UndeliveredQueue', 'Url'])
    expect(gate(ours)).toMatchObject({ TOKEN_ISSUER: ours.issuer, TOKEN_AUDIENCE: ours.audience })
  })

  test('one without the other is refused', () => {
    expect(() => synthesize({ issuer: ours.issuer })).toThrow('"issuer" is set but "audience" is not')
    expect(() => synthesize({ audience: ours.audience })).toThrow('"audience" is set but "issuer" is not')
  })

  test.each(['http://login.example.com', 'login.example.com'])('%s is refused: keys travel over https', (issuer) => {
    expect(() => synthesize({ ...ours, issuer })).toThrow('must be an https:// URL')
  })
})

describe('other settings', () => {
  test('origins are named exactly', () => {
    const listed = gate({ allowedOrigins: 'https://chat.example.com, http://localhost:5173' })
    expect(listed.ALLOWED_ORIGINS).toBe('https://chat.example.com,http://localhost:5173')
    expect(() => synthesize({ allowedOrigins: 'https://chat.example.com/' })).toThrow('which is not an origin')
    expect(() => synthesize({ allowedOrigins: '*' })).toThrow('which is not an origin')
    expect(() => synthesize({ allowedOrigins: 'https://*.example.com' })).toThrow('which is not an origin')
  })

  test('domain, administrators and epoch reach the functions', () => {
    const template = synthesize({ chatDomain: 'example.com', adminGroup: 'ops', epoch: '2' })
    const [, { Environment }] = the(template, 'AWS::Lambda::Function', 'SendFunction')
    expect(Environment).toMatchObject({ Variables: { CHAT_DOMAIN: 'example.com', ADMIN_GROUP: 'ops', LOG_EPOCH: '2' } })
    expect(() => synthesize({ epoch: ' ' })).toThrow('must not be empty')
  })
})
