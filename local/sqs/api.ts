import type { IncomingMessage } from 'node:http'
import { awsError, type HttpResponse, success } from '../http-response.ts'
import { type Call, operationOf, targets } from '../iam/calls.ts'
import { type Json, list, object, parse, text } from '../json.ts'
import { listOf } from '../template/load.ts'
import type { Queue, QueueMessage } from './queue.ts'
import type { Queues } from './start.ts'

type Operation = (queue: Queue, input: Json) => HttpResponse | Promise<HttpResponse>

/** Serves SQS in its JSON protocol. */
export const queueApi = (queues: Queues) => ({
  takes: targets('AmazonSQS'),
  api(request: IncomingMessage, body: Buffer): Call | undefined {
    const name = operationOf(request)
    const input = object(parse(body.toString()))
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
    if (name === 'ListQueues') return { action: 'sqs:ListQueues', resource: '*', run: () => listed(queues, input) }
    if (!operation) return undefined
    const queue = name === 'GetQueueUrl' ? queues.byName(text(input.QueueName)) : queues.byUrl(text(input.QueueUrl))
    return {
      action: `sqs:${name.replace(/Batch$/, '')}`,
      resource: queue?.definition.arn ?? '*',
      run: () => (queue ? operation(queue, input) : noQueue),
    }
  },
})

const noQueue = awsError(400, 'QueueDoesNotExist', 'The specified queue does not exist.')
const wrongReceipt = awsError(400, 'ReceiptHandleIsInvalid', 'The input receipt handle is invalid.')
const invalid = (message: string) => awsError(400, 'InvalidParameterValue', message)

const operations: Record<string, Operation> = {
  GetQueueUrl: (queue) => success({ QueueUrl: queue.definition.url }),
  SendMessage: (queue, input) => send(queue, input),
  SendMessageBatch: (queue, { Entries }) => batch(Entries, (entry) => send(queue, entry)),
  ReceiveMessage: receive,
  DeleteMessage: (queue, input) => remove(queue, input),
  DeleteMessageBatch: (queue, { Entries }) => batch(Entries, (entry) => remove(queue, entry)),
  ChangeMessageVisibility: (queue, { ReceiptHandle, VisibilityTimeout }) =>
    queue.hide(text(ReceiptHandle), Number(VisibilityTimeout) * 1000) ? success({}) : wrongReceipt,
  PurgeQueue(queue) {
    queue.purge()
    return success({})
  },
  GetQueueAttributes: (queue, { AttributeNames }) => {
    const requested = list(AttributeNames)
    const attributes = Object.entries(attributesOf(queue))
    const chosen = attributes.filter(([name]) => requested.includes('All') || requested.includes(name))
    return success({ Attributes: Object.fromEntries(chosen) })
  },
}

function listed(queues: Queues, { QueueNamePrefix }: Json): HttpResponse {
  const found = queues.all().filter(({ definition }) => definition.name.startsWith(text(QueueNamePrefix)))
  return success({ QueueUrls: found.map(({ definition }) => definition.url) })
}

function send(queue: Queue, input: Json): HttpResponse {
  const { MessageBody, DelaySeconds, MessageAttributes } = input
  if (MessageAttributes) return invalid('The local run keeps no message attributes.')
  if (!text(MessageBody))
    return awsError(400, 'MissingParameter', 'The request must contain the parameter MessageBody.')
  const { maxMessageBytes } = queue.definition
  if (Buffer.byteLength(text(MessageBody)) > maxMessageBytes) {
    return invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageBytes} bytes.`)
  }
  const { id, md5 } = queue.send(
    text(MessageBody),
    DelaySeconds === undefined ? undefined : Number(DelaySeconds) * 1000,
  )
  return success({ MessageId: id, MD5OfMessageBody: md5 })
}

async function receive(queue: Queue, input: Json): Promise<HttpResponse> {
  const ms = (name: string) => (input[name] === undefined ? undefined : Number(input[name]) * 1000)
  const count = Number(input.MaxNumberOfMessages ?? 1)
  if (!(count >= 1 && count <= 10)) return invalid(`Value ${count} for parameter MaxNumberOfMessages is invalid.`)
  const [waitMs, visibilityMs] = [ms('WaitTimeSeconds'), ms('VisibilityTimeout')]
  const messages = await queue.receive({
    count,
    ...(waitMs !== undefined && { waitMs }),
    ...(visibilityMs !== undefined && { visibilityMs }),
  })
  return success(messages.length > 0 ? { Messages: messages.map(described) } : {})
}

const described = ({ id, receipt, body, md5, sentAt, receives, firstReceivedAt }: QueueMessage) => ({
  MessageId: id,
  ReceiptHandle: receipt,
  MD5OfBody: md5,
  Body: body,
  Attributes: {
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
  },
})

function remove(queue: Queue, { ReceiptHandle }: Json): HttpResponse {
  queue.delete(text(ReceiptHandle))
  return success({})
}

function batch(given: unknown, each: (entry: Json) => HttpResponse): HttpResponse {
  const answers = listOf(given).map((entry) => ({ Id: entry.Id, ...each(entry) }))
  return success({
    Successful: answers.filter(({ error }) => !error).map(({ Id, body }) => ({ Id, ...object(parse(String(body))) })),
    Failed: answers
      .filter(({ error }) => error)
      .map(({ Id, error, body }) => ({ Id, Code: error, SenderFault: true, ...object(parse(String(body))) })),
  })
}

function attributesOf(queue: Queue): Record<string, string> {
  const { arn, retentionMs, visibilityMs, delayMs, waitMs, maxMessageBytes } = queue.definition
  const { visible, hidden, delayed } = queue.counts()
  const values = {
    QueueArn: arn,
    ApproximateNumberOfMessages: visible,
    ApproximateNumberOfMessagesNotVisible: hidden,
    ApproximateNumberOfMessagesDelayed: delayed,
    MessageRetentionPeriod: retentionMs / 1000,
    VisibilityTimeout: visibilityMs / 1000,
    DelaySeconds: delayMs / 1000,
    ReceiveMessageWaitTimeSeconds: waitMs / 1000,
    MaximumMessageSize: maxMessageBytes,
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}
