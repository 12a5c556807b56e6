import { type Found, leastBootstrap, unreserved } from '../aws/checks.ts'
import { Failure } from '../command/failure.ts'

/** A new account may have a quota of 10: enough to try it, and no more. */
const few = 100

/** What was found, as lines for a person. */
export function findingsOf({ account, region, bootstrap, concurrency, mayLog }: Found): string[] {
  return [
    `Account ${account}, region ${region}.`,
    bootstrap === undefined
      ? 'The region is not prepared for the CDK yet.'
      : `The region is prepared for the CDK (version ${bootstrap}).`,
    concurrency < few
      ? `Lambda runs ${concurrency} functions at once in this account: enough to try the chat. Ask for more before many use it: "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000".`
      : `Lambda runs ${concurrency} functions at once in this account.`,
    accessLogOf(mayLog),
  ]
}

function accessLogOf(mayLog: boolean | undefined): string {
  if (mayLog) return 'API Gateway has a role to write logs with: the access log is on, unless accessLog=false.'
  if (mayLog === undefined)
    return 'This identity may not ask for the logging role of API Gateway: the access log is off, unless accessLog=true.'
  return 'API Gateway has no role to write logs with in this account and region: the access log is off. docs/deploying.md says how to make one.'
}

/** Refuses settings that this account cannot take, before anything is changed. */
export function check(
  { region, bootstrap, concurrency, mayLog }: Found,
  settings: Readonly<Record<string, unknown>>,
): void {
  if (bootstrap !== undefined && !(bootstrap >= leastBootstrap))
    throw new Failure(
      `The bootstrap stack of ${region} has the version ${bootstrap}, and the CDK needs ${leastBootstrap}: run "npx cdk bootstrap".`,
      'misconfigured',
    )
  const workers = Number(settings.workers ?? 0)
  if (workers > 0 && concurrency - workers < unreserved)
    throw new Failure(
      `workers=${workers} does not fit: Lambda runs ${concurrency} functions at once in this account, and ${unreserved} of them must stay unreserved. Leave workers out, or ask AWS for a higher quota.`,
      'misconfigured',
    )
  if (String(settings.accessLog) === 'true' && mayLog === false)
    throw new Failure(
      `accessLog=true does not fit: API Gateway has no role to write logs with in ${region}. Leave it out, or make the role as docs/deploying.md says.`,
      'misconfigured',
    )
}
