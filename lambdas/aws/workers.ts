import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ofCall } from '../domain/failed-calls.ts'

/** Starts workers by asynchronous invocations: Lambda queues the event and runs it again if it fails. */
export class LambdaWorkers<Order> {
  readonly #functionName: string
  readonly #client = new LambdaClient({
    requestHandler: { connectionTimeout: 500, requestTimeout: 2000, throwOnRequestTimeout: true },
  })

  constructor(functionName: string) {
    this.#functionName = functionName
  }

  async start(order: Order): Promise<void> {
    const Payload = JSON.stringify(order)
    const FunctionName = this.#functionName
    await this.#client
      .send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }))
      .catch((error: unknown) => {
        throw ofCall(error, { action: 'Invoke', target: FunctionName })
      })
  }
}
