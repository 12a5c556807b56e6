import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { type DeadLetterQueue, keepFailedCalls } from './dead-letters.ts'
import type { MakeFunction } from './function.ts'
import { jobs } from './functions.ts'

/** Seconds within which a failed run is repeated. The run of the next day goes on as well. */
const retrySeconds = 6 * 3600

/** The function `jobs`, which runs once a day and when it is started. Between the runs nothing is billed. */
export class Daily extends Construct {
  readonly jobs: IFunction

  constructor(
    scope: Construct,
    id: string,
    environment: Record<string, string>,
    { queue, rights }: DeadLetterQueue,
    makeFunction: MakeFunction,
  ) {
    super(scope, id)
    this.jobs = makeFunction(jobs, 'Enforces retention and erases users', environment, { rights }).lambda
    keepFailedCalls(this, 'Failed', this.jobs, queue, retrySeconds)
    const { functionArn } = this.jobs
    const rule = new CfnRule(this, 'Rule', {
      scheduleExpression: 'rate(1 day)',
      targets: [{ id: 'jobs', arn: functionArn }],
    })
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      functionName: functionArn,
      sourceArn: rule.attrArn,
    })
  }
}
