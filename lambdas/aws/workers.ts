import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Delivery } from '../domain/sessions/delivery.ts'
import type { Workers } from '../push/broadcast.ts'

/** Starts workers by asynchronous invocations: Lambda queues the event and runs it again if it fails. */
export class LambdaWorkers implements Workers {
  readonly #functionName: string
  readonly #client = new LambdaClient({
    requestHandler: { connectionTimeout: 500, requestTimeout: 2000, throwOnRequestTimeout: true },
  })

  constructor(functionName: string) {
    this.#functionName = functionName
  }

  async start(delivery: Delivery): Promise<void> {
    const Payload = JSON.stringify(delivery)
    await this.#client.send(new InvokeCommand({ FunctionName: this.#functionName, InvocationType: 'Event', Payload }))
  }
}
