import { CfnPolicy } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { env } from '../lambdas/bindings.ts'
import { allow, type ChatFunctionProps, type MakeFunction } from './function.ts'
import { type FunctionSpec, review } from './functions.ts'

/** The function that goes on with long reviews, and what the functions need that hand reviews on to it. */
export class Reviews extends Construct {
  readonly reviewFunction: IFunction

  constructor(scope: Construct, id: string, environment: Record<string, string>, makeFunction: MakeFunction) {
    super(scope, id)
    const { lambda } = makeFunction(review, 'Goes on with long reviews of sessions', environment)
    this.reviewFunction = lambda
    // The function starts itself. Its role cannot name it, since the function needs the role first.
    new CfnPolicy(this, 'Itself', {
      policyName: 'itself',
      policyDocument: { Version: '2012-10-17', Statement: [this.#mayStart.toStatementJson()] },
      roles: lambda.role ? [lambda.role.roleName] : [],
    })
  }

  get #mayStart() {
    return allow(['lambda:InvokeFunction'], this.reviewFunction.functionArn)
  }

  /** The environment and the rights that a function needs for reviews. */
  neededBy({ handsOnReviews }: FunctionSpec): {
    variables: Record<string, string>
    more: Pick<ChatFunctionProps, 'rights'>
  } {
    if (!handsOnReviews) return { variables: {}, more: {} }
    return {
      variables: { [env.reviewFunction]: this.reviewFunction.functionName },
      more: { rights: [this.#mayStart] },
    }
  }
}
