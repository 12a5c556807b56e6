import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { ofCall } from '../domain/failed-calls.ts'
import type { DeadLetters } from '../push/broadcast.ts'

/** A queue for entries that could not be delivered, until a person delivers them again. */
export class SqsDeadLetters implements DeadLetters {
  readonly #url: string
  readonly #client = new SQSClient({
    requestHandler: { connectionTimeout: 500, requestTimeout: 2000, throwOnRequestTimeout: true },
  })

  constructor(url: string) {
    this.#url = url
  }

  async keep(letter: { roomId?: string; seq?: number; reason: string }): Promise<void> {
    const MessageBody = JSON.stringify(letter)
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody })).catch((error: unknown) => {
      throw ofCall(error, { action: 'SendMessage', target: this.#url })
    })
  }
}
