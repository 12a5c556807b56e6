import { CfnPolicy } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { type MakeFunction, mayStart } from './function.ts'
import { review } from './functions.ts'

/** The function that goes on with long reviews. */
export class Reviews extends Construct {
  readonly reviewFunction: IFunction

  constructor(scope: Construct, id: string, environment: Record<string, string>, makeFunction: MakeFunction) {
    super(scope, id)
    const { lambda } = makeFunction(review, 'Goes on with long reviews of sessions', environment)
    this.reviewFunction = lambda
    // The function starts itself. Its role cannot name it, since the function needs the role first.
    new CfnPolicy(this, 'Itself', {
      policyName: 'itself',
      policyDocument: { Version: '2012-10-17', Statement: [mayStart(lambda).toStatementJson()] },
      roles: lambda.role ? [lambda.role.roleName] : [],
    })
  }
}
