import type { Allows } from '../iam/grants.ts'
import type { Queues } from '../sqs/start.ts'
import type { LambdaFunction } from '../template/functions.ts'

/** Sends the record of an invocation to a queue or a function, on behalf of the invoked function. */
export type Deliver = (from: string, destination: string, record: unknown) => Promise<void>

export interface DestinationOptions {
  queues: Queues
  accept: (arn: string, payload: string) => void
  count: (from: string, action: string) => void
}

/** Delivers records to the queues and functions that destinations name. */
export function destinations({ queues, accept, count }: DestinationOptions): Deliver {
  return async (from, destination, record) => {
    const payload = JSON.stringify(record)
    const queue = queues.byArn(destination)
    count(from, actionOf(destination))
    if (queue) queue.send(payload)
    else accept(destination, payload)
  }
}

const actionOf = (destination: string) => (destination.includes(':sqs:') ? 'sqs:SendMessage' : 'lambda:InvokeFunction')

/**
 * Throws if a destination does not exist or the role of the function may not send to it: CloudFormation would refuse
 * this deployment.
 */
export function checkDestination(
  destination: string,
  { id, role }: LambdaFunction,
  grants: Map<string, Allows>,
  exists: (arn: string) => boolean,
): void {
  if (!exists(destination)) throw new Error(`The destination ${destination} of ${id} is not in the template`)
  const action = actionOf(destination)
  if (!grants.get(role)?.(action, destination)) {
    throw new Error(`The role of function ${id} may not ${action} on its destination ${destination}`)
  }
}
