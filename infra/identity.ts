import { AccountRecovery, CfnUserPoolGroup, FeaturePlan, Mfa, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito'
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { Settings, TokenSource } from './settings.ts'

/** Whose tokens are accepted: those of a named OpenID Connect issuer, else of a user pool made here. */
export class Identity extends Construct {
  readonly tokens: TokenSource

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id)
    this.tokens = settings.tokens ?? this.#ownPool(settings.adminGroup)
  }

  #ownPool(adminGroup: string): TokenSource {
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
      disableOAuth: true,
      // The second flow needs AWS credentials: it is how an operator gets a token on the command line.
      authFlows: { userSrp: true, adminUserPassword: true },
      preventUserExistenceErrors: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    })
    new CfnUserPoolGroup(this, 'Admins', { userPoolId: pool.userPoolId, groupName: adminGroup })

    new CfnOutput(this, 'UserPoolId', { value: pool.userPoolId }).overrideLogicalId('UserPoolId')
    new CfnOutput(this, 'ClientId', { value: client.userPoolClientId }).overrideLogicalId('ClientId')
    return { issuer: pool.userPoolProviderUrl, audience: client.userPoolClientId }
  }
}
