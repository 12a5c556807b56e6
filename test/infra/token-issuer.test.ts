import { byId, ofType, type Properties, propertiesOf, readStack } from './stack.ts'

const foreign = { issuer: 'https://login.example.com/realms/us', audience: 'chat' }

const authorizerVariables = (context: Record<string, string> = {}) => {
  const { Environment } = propertiesOf(readStack(context), 'AuthorizerFunction')
  return (Environment as { Variables: Properties }).Variables
}

describe('without an issuer in the settings', () => {
  const template = readStack()

  test('the stack has a user pool in which only an administrator creates accounts', () => {
    expect(propertiesOf(template, 'IdentityUsers')).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
    })
  })

  test('passwords have 12 characters, and a second factor is an app and never a text message', () => {
    expect(propertiesOf(template, 'IdentityUsers')).toMatchObject({
      Policies: { PasswordPolicy: { MinimumLength: 12, TemporaryPasswordValidityDays: 3 } },
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    })
  })

  test('the pool stays when the stack is deleted, and is protected from deletion where the settings say so', () => {
    expect(template.Resources.IdentityUsers?.DeletionPolicy).toBe('RetainExceptOnCreate')
    expect(propertiesOf(readStack({ protect: 'true' }), 'IdentityUsers').DeletionProtection).toBe('ACTIVE')
  })

  test('the pool has these properties and no others', () => {
    const message = 'The verification code to your new account is {####}'
    const subject = 'Verify your new account'
    expect(propertiesOf(template, 'IdentityUsers')).toEqual({
      UserPoolTier: 'LITE',
      DeletionProtection: 'INACTIVE',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
      Schema: [{ Name: 'name', Mutable: true, Required: false }],
      Policies: { PasswordPolicy: { MinimumLength: 12, TemporaryPasswordValidityDays: 3 } },
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      EmailVerificationMessage: message,
      EmailVerificationSubject: subject,
      SmsVerificationMessage: message,
      VerificationMessageTemplate: {
        DefaultEmailOption: 'CONFIRM_WITH_CODE',
        EmailMessage: message,
        EmailSubject: subject,
        SmsMessage: message,
      },
    })
  })

  test('its client has no secret, takes no plain password, gives tokens for an hour, and has no browser sign-in', () => {
    expect(propertiesOf(template, 'IdentityClient')).toEqual({
      UserPoolId: '{IdentityUsers}',
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      AllowedOAuthFlowsUserPoolClient: false,
      SupportedIdentityProviders: ['COGNITO'],
      PreventUserExistenceErrors: 'ENABLED',
      IdTokenValidity: 60,
      AccessTokenValidity: 60,
      RefreshTokenValidity: 43_200,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
    })
  })

  test('the group of administrators exists and is empty', () => {
    expect(propertiesOf(template, 'IdentityAdmins')).toEqual({
      GroupName: 'chat-admins',
      UserPoolId: '{IdentityUsers}',
    })
    expect(ofType(template, 'AWS::Cognito::UserPoolUserToGroupAttachment')).toEqual([])
  })

  test('the group has the name of the setting', () => {
    expect(propertiesOf(readStack({ adminGroup: 'ops' }), 'IdentityAdmins').GroupName).toBe('ops')
  })

  test('the authorizer accepts tokens of that pool and client, and no browser origin', () => {
    expect(authorizerVariables()).toEqual({
      TOKEN_ISSUER: '{IdentityUsers.ProviderURL}',
      TOKEN_AUDIENCE: '{IdentityClient}',
      ALLOWED_ORIGINS: '',
      STACK_NAME: 'PersistentChat',
      LOG_LEVEL: 'info',
      ADMIN_GROUP: 'chat-admins',
      ROOMS_TABLE: '{TablesRooms}',
      SESSIONS_TABLE: '{TablesSessions}',
    })
  })
})

describe('with an issuer and an audience', () => {
  test('there is no user pool, and the authorizer accepts tokens of that issuer', () => {
    const template = readStack(foreign)
    for (const type of ['UserPool', 'UserPoolClient', 'UserPoolGroup'])
      expect(byId(template, `AWS::Cognito::${type}`)).toEqual({})
    expect(authorizerVariables(foreign)).toMatchObject({
      TOKEN_ISSUER: foreign.issuer,
      TOKEN_AUDIENCE: foreign.audience,
    })
  })
})
