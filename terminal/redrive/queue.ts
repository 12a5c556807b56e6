import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'

/** A letter in the queue, as text. */
export interface QueuedLetter {
  id: string
  text: string
  receipt: string | undefined
}

/** The letters of the queue, each once. It ends when there are no new ones: a letter comes again after ten minutes. */
export async function* receiveLetters(queues: Pick<SQSClient, 'send'>, QueueUrl: string): AsyncGenerator<QueuedLetter> {
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

/** Removes a letter from the queue. */
export async function removeLetter(
  queues: Pick<SQSClient, 'send'>,
  QueueUrl: string,
  { receipt }: QueuedLetter,
): Promise<void> {
  await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }))
}
