import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'

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
    await this.#client.send(new InvokeCommand({ FunctionName: this.#functionName, InvocationType: 'Event', Payload }))
  }
}
