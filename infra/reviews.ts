import { CfnPolicy } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { type DeadLetterQueue, keepFailedCalls } from './dead-letters.ts'
import { type MakeFunction, mayStart } from './function.ts'
import { review } from './functions.ts'

/** Seconds within which a failed review is repeated: sessions without a right end by then, or a person looks. */
const retrySeconds = 3600

/** The function that goes on with long reviews. */
export class Reviews extends Construct {
  readonly reviewFunction: IFunction

  constructor(
    scope: Construct,
    id: string,
    environment: Record<string, string>,
    { queue, rights }: DeadLetterQueue,
    makeFunction: MakeFunction,
  ) {
    super(scope, id)
    const { lambda } = makeFunction(review, 'Goes on with long reviews of sessions', environment, { rights })
    this.reviewFunction = lambda
    keepFailedCalls(this, 'Failed', lambda, queue, retrySeconds)
    // The function starts itself. Its role cannot name it, since the function needs the role first.
    new CfnPolicy(this, 'Itself', {
      policyName: 'itself',
      policyDocument: { Version: '2012-10-17', Statement: [mayStart(lambda).toStatementJson()] },
      roles: lambda.role ? [lambda.role.roleName] : [],
    })
  }
}
