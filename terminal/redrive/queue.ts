import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'

/** A letter as it lies in the queue. */
export interface Enclosed {
  id: string
  text: string
  receipt: string | undefined
}

/** Letters, each once: those that stay in the queue come back after ten minutes, and end it then. */
export async function* letters(queues: Pick<SQSClient, 'send'>, QueueUrl: string): AsyncGenerator<Enclosed> {
  const seen = new Set<string>()
  for (;;) {
    const limits = { MaxNumberOfMessages: 10, WaitTimeSeconds: 1, VisibilityTimeout: 600 }
    const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, ...limits }))
    const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId))
    if (fresh.length === 0) return
    for (const { MessageId: id = '', Body: text = '', ReceiptHandle: receipt } of fresh) {
      seen.add(id)
      yield { id, text, receipt }
    }
  }
}

export async function remove(queues: Pick<SQSClient, 'send'>, QueueUrl: string, { receipt }: Enclosed): Promise<void> {
  await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }))
}
