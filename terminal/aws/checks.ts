import { type AwsCaller, AwsError } from './caller.ts'
import { textIn } from './xml.ts'

/** What an account and a region allow and have. */
export interface Found {
  account: string
  region: string
  /** The version of the bootstrap stack of CDK; undefined if there is none. */
  bootstrap: number | undefined
  /** How many executions of all functions may run at once. */
  concurrency: number
  /** Whether API Gateway has a role of the account to write logs with; undefined if it may not be asked. */
  mayLog: boolean | undefined
}

/** CDK refuses older ones. */
export const leastBootstrap = 6

/** AWS keeps so many executions free of reservations. */
export const unreserved = 100

/** Asks an account what a deployment needs to know. Changes nothing. */
export async function look(aws: AwsCaller): Promise<Found> {
  const account = textIn(await aws.query('sts', { Action: 'GetCallerIdentity' }), 'Account') ?? ''
  const [bootstrap, concurrency, mayLog] = await Promise.all([bootstrapOf(aws), concurrencyOf(aws), mayLogIn(aws)])
  return { account, region: aws.region, bootstrap, concurrency, mayLog }
}

async function bootstrapOf(aws: AwsCaller): Promise<number | undefined> {
  try {
    const { Parameter } = await aws.json('ssm', 'GetParameter', { Name: '/cdk-bootstrap/hnb659fds/version' })
    const { Value } = { Value: undefined, ...(Parameter as object | undefined) }
    return Number(Value)
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ParameterNotFound') return undefined
    throw error
  }
}

async function concurrencyOf(aws: AwsCaller): Promise<number> {
  const { AccountLimit } = await aws.get('lambda', '/2016-08-19/account-settings/')
  const { ConcurrentExecutions } = { ConcurrentExecutions: undefined, ...(AccountLimit as object | undefined) }
  return Number(ConcurrentExecutions)
}

/** An identity that may deploy need not have the right to ask this. */
async function mayLogIn(aws: AwsCaller): Promise<boolean | undefined> {
  try {
    const { cloudwatchRoleArn } = await aws.get('apigateway', '/account')
    return typeof cloudwatchRoleArn === 'string' && cloudwatchRoleArn !== ''
  } catch (error) {
    if (error instanceof AwsError && /AccessDenied/.test(error.code)) return undefined
    throw error
  }
}
