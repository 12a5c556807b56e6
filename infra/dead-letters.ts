import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { CfnEventInvokeConfig, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { ChatFunctionProps, MakeFunction } from './function.ts'
import type { FunctionSpec } from './functions.ts'

/** The queue for work that failed behind the scenes, and the rights of a function that puts letters there. */
export interface DeadLetterQueue {
  queue: IQueue
  rights: PolicyStatement[]
}

/** What a function that no client waits for is made with. */
export interface BehindProps {
  environment: Record<string, string>
  deadLetters: DeadLetterQueue
  makeFunction: MakeFunction
}

export interface KeptCalls extends Pick<ChatFunctionProps, 'reserved'> {
  /** The id of the settings in the scope. */
  id: string
  spec: FunctionSpec
  description: string
  /** How long a failed call is worth a repetition, in seconds. */
  withinSeconds: number
}

/** Makes a function whose failed asynchronous calls Lambda repeats twice, and then puts into the queue. */
export function functionWithKeptCalls(
  scope: Construct,
  { environment, deadLetters: { queue, rights }, makeFunction }: BehindProps,
  { id, spec, description, withinSeconds, reserved }: KeptCalls,
): LambdaFunction {
  const { lambda } = makeFunction(spec, description, environment, { rights, reserved })
  new CfnEventInvokeConfig(scope, id, {
    functionName: lambda.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: withinSeconds,
    destinationConfig: { onFailure: { destination: queue.queueArn } },
  })
  return lambda
}
