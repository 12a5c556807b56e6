import { CfnPolicy } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { type BehindProps, functionWithKeptCalls } from './dead-letters.ts'
import { mayStart } from './function.ts'
import { review } from './functions.ts'

/** The function that goes on with long reviews. */
export class Reviews extends Construct {
  readonly reviewFunction: IFunction

  constructor(scope: Construct, id: string, props: BehindProps) {
    super(scope, id)
    const lambda = functionWithKeptCalls(this, props, {
      id: 'Failed',
      spec: review,
      description: 'Goes on with long reviews of sessions',
      // Sessions without a right have ended by then, or a person looks.
      withinSeconds: 3600,
    })
    this.reviewFunction = lambda
    // The function starts itself. Its role cannot name it, since the function needs the role first.
    new CfnPolicy(this, 'Itself', {
      policyName: 'itself',
      policyDocument: { Version: '2012-10-17', Statement: [mayStart(lambda).toStatementJson()] },
      roles: lambda.role ? [lambda.role.roleName] : [],
    })
  }
}
