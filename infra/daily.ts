import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { type BehindProps, functionWithKeptCalls } from './dead-letters.ts'
import { jobs } from './functions.ts'

/** The function `jobs`, which runs once a day and when it is started. Between the runs nothing is billed. */
export class Daily extends Construct {
  readonly jobs: IFunction

  constructor(scope: Construct, id: string, props: BehindProps) {
    super(scope, id)
    this.jobs = functionWithKeptCalls(this, props, {
      id: 'Failed',
      spec: jobs,
      description: 'Enforces retention and erases users',
      // The run of the next day goes on as well.
      withinSeconds: 6 * 3600,
    })
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
