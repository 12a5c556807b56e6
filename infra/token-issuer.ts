import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  type IUserPool,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito'
import { Duration, Fn, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { CompleteResources } from './resource-settings.ts'
import type { CompleteSettings } from './settings.ts'
import { removalOf } from './tables.ts'
import { type AcceptedTokens, namesSigners } from './token-settings.ts'

/** The first source of accepted tokens: the one in the settings, or a new user pool. */
export class TokenIssuer extends Construct {
  readonly tokens: AcceptedTokens
  /** Undefined if the settings name an issuer or keys. */
  readonly userPool: IUserPool | undefined

  /** `page` is the origin of the web page on which users of the pool sign in. Without it, browser sign-in is off. */
  constructor(scope: Construct, id: string, settings: CompleteSettings, resources: CompleteResources, page?: string) {
    super(scope, id)
    if (settings.tokens !== undefined && namesSigners(settings.tokens)) {
      this.tokens = settings.tokens
    } else {
      const { pool, client } = this.#createPool(settings.adminGroup, resources, page)
      this.userPool = pool
      this.tokens = { ...settings.tokens, issuer: pool.userPoolProviderUrl, audience: client.userPoolClientId }
    }
  }

  #createPool(
    adminGroup: string,
    resources: CompleteResources,
    page: string | undefined,
  ): { pool: UserPool; client: UserPoolClient } {
    const pool = new UserPool(this, 'Users', {
      featurePlan: FeaturePlan.LITE,
      // Every account belongs to "everyone" in the built-in category, so only an administrator may create accounts.
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      autoVerify: { email: true },
      standardAttributes: { fullname: { required: false, mutable: true } },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: { minLength: 12, tempPasswordValidity: Duration.days(3) },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      // The log identifies authors by the user ids of this pool, and a new pool would give them other ids.
      ...removalOf(resources),
    })
    const client = new UserPoolClient(this, 'Client', {
      userPool: pool,
      generateSecret: false,
      ...(page === undefined ? { disableOAuth: true } : signInFrom(page)),
      // The second flow needs AWS credentials; an operator uses it to get a token on the command line.
      authFlows: { userSrp: true, adminUserPassword: true },
      preventUserExistenceErrors: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    })
    if (page !== undefined) pool.addDomain('SignIn', { cognitoDomain: { domainPrefix: signInName(Stack.of(this)) } })
    new CfnUserPoolGroup(this, 'Admins', { userPoolId: pool.userPoolId, groupName: adminGroup })
    return { pool, client }
  }
}

/** The sign-in pages of the pool return to the web page with a code, which only that page can exchange for a token (PKCE). */
const signInFrom = (page: string) => ({
  oAuth: {
    flows: { authorizationCodeGrant: true },
    scopes: [OAuthScope.OPENID, OAuthScope.PROFILE, OAuthScope.EMAIL],
    callbackUrls: [`${page}/`],
    logoutUrls: [`${page}/`],
  },
  supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
})

/** A domain prefix must be unique in its Region and stay the same; the id of the stack is both. */
const signInName = ({ stackId }: Stack) => `chat-${Fn.select(2, Fn.split('/', stackId))}`
