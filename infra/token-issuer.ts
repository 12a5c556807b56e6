import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito'
import { CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { IssuerSettings, Settings } from './settings.ts'

/** Whose tokens are accepted: those of a named OpenID Connect issuer, else of a user pool made here. */
export class TokenIssuer extends Construct {
  readonly tokens: IssuerSettings

  /** `page` is the origin of a page on which people sign in; without one, nobody does so in a browser. */
  constructor(scope: Construct, id: string, settings: Settings, page?: string) {
    super(scope, id)
    this.tokens = settings.tokens ?? this.#ownPool(settings.adminGroup, page)
  }

  #ownPool(adminGroup: string, page: string | undefined): IssuerSettings {
    const pool = new UserPool(this, 'Users', {
      featurePlan: FeaturePlan.LITE,
      // Whoever has an account is "everyone" in the general category: strangers must not make their own.
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      autoVerify: { email: true },
      standardAttributes: { fullname: { required: false, mutable: true } },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: { minLength: 12, tempPasswordValidity: Duration.days(3) },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      // The log names its authors by the ids of this pool; a new pool would make strangers of them.
      removalPolicy: RemovalPolicy.RETAIN,
      deletionProtection: true,
    })
    const client = new UserPoolClient(this, 'Client', {
      userPool: pool,
      generateSecret: false,
      ...(page === undefined ? { disableOAuth: true } : signInFrom(page)),
      // The second flow needs AWS credentials: it is how an operator gets a token on the command line.
      authFlows: { userSrp: true, adminUserPassword: true },
      preventUserExistenceErrors: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    })
    if (page !== undefined) pool.addDomain('SignIn', { cognitoDomain: { domainPrefix: signInName(Stack.of(this)) } })
    new CfnUserPoolGroup(this, 'Admins', { userPoolId: pool.userPoolId, groupName: adminGroup })

    new CfnOutput(this, 'UserPoolId', { value: pool.userPoolId }).overrideLogicalId('UserPoolId')
    new CfnOutput(this, 'ClientId', { value: client.userPoolClientId }).overrideLogicalId('ClientId')
    return { issuer: pool.userPoolProviderUrl, audience: client.userPoolClientId }
  }
}

/** The pool's own sign-in pages lead back to the page with a code, which the page alone can turn into a token (PKCE). */
const signInFrom = (page: string) => ({
  oAuth: {
    flows: { authorizationCodeGrant: true },
    scopes: [OAuthScope.OPENID, OAuthScope.PROFILE, OAuthScope.EMAIL],
    callbackUrls: [`${page}/`],
    logoutUrls: [`${page}/`],
  },
  supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
})

/** Unique in the whole Region, as it has to be, and the same for as long as the stack lives. */
const signInName = ({ stackId }: Stack) => `chat-${Fn.select(2, Fn.split('/', stackId))}`
