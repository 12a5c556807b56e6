import { LambdaClient } from '@aws-sdk/client-lambda'
import type { Credentials } from '../../lambdas/aws/credentials.ts'
import { Failure, reasonOf } from '../command/failure.ts'

/** Whose requests these are, and where. */
export interface Identity {
  region: string
  credentials: Credentials
}

/** The credentials and the region of the environment or of the profile, as every tool for AWS finds them. */
export async function identityOfEnvironment(): Promise<Identity> {
  // The SDK would print a warning about the version of Node.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const { config } = new LambdaClient()
  const region = await config.region().catch(() => {
    throw new Failure(
      'No region is set: set AWS_REGION, or a region in the profile that AWS_PROFILE names.',
      'misconfigured',
    )
  })
  const credentials = await config.credentials().catch((error: unknown) => {
    const reason = reasonOf(error).replace(/\.$/, '')
    throw new Failure(
      `There are no AWS credentials (${reason}): run "aws configure" or "aws sso login", or set AWS_PROFILE.`,
      'unauthorized',
    )
  })
  return { region, credentials }
}
