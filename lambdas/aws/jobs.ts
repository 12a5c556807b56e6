import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { JobQueue } from '../domain/rooms/erasure.ts'

/** Starts jobs by asynchronous invocations: Lambda queues the event and runs it again if it fails. */
export class LambdaJobs implements JobQueue {
  readonly #functionName: string
  readonly #client = new LambdaClient({
    requestHandler: { connectionTimeout: 500, requestTimeout: 2000, throwOnRequestTimeout: true },
  })

  constructor(functionName: string) {
    this.#functionName = functionName
  }

  async erase(user: string): Promise<void> {
    const Payload = JSON.stringify({ erase: user })
    await this.#client.send(new InvokeCommand({ FunctionName: this.#functionName, InvocationType: 'Event', Payload }))
  }
}
