import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { CfnEventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** The queue for work that failed behind the scenes, and the rights of a function that puts letters there. */
export interface DeadLetterQueue {
  queue: IQueue
  rights: PolicyStatement[]
}

/**
 * Lambda repeats a failed asynchronous call twice, within this time, and then puts it into the queue. The role of the
 * function needs the rights.
 */
export function keepFailedCalls(scope: Construct, id: string, fn: IFunction, queue: IQueue, withinSeconds: number) {
  new CfnEventInvokeConfig(scope, id, {
    functionName: fn.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: withinSeconds,
    destinationConfig: { onFailure: { destination: queue.queueArn } },
  })
}
