import { parseArgs } from 'node:util'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { Delivery } from '../lambdas/domain/delivery.ts'
import { type Letter, ordersIn } from './letters.ts'
import { fail } from './token.ts'

/**
 * Delivers again what could not be delivered in large rooms. Who has a message already drops it.
 *
 *     npm run --silent redrive -- --queue <output UndeliveredQueue> --function <output DeliverFunction>
 *     npm run --silent redrive                       # the local run at http://127.0.0.1:3000
 *     npm run --silent redrive -- --local http://127.0.0.1:4000
 */
const { values } = parseArgs({
  options: {
    queue: { type: 'string' },
    function: { type: 'string' },
    local: { type: 'string', default: 'http://127.0.0.1:3000' },
  },
})
if ((values.queue === undefined) !== (values.function === undefined)) fail('Give --queue and --function, or neither.')

const deployed = { queue: values.queue, worker: values.function, client: {} }
const { queue: QueueUrl, worker: FunctionName, client } = values.queue ? deployed : await atLocalRun(values.local)
const [queues, lambda, streams] = [new SQSClient(client), new LambdaClient(client), new DynamoDBStreamsClient(client)]

let [delivered, kept] = [0, 0]
for (let letters = await next(); letters.length > 0; letters = await next()) {
  for (const { Body = '', ReceiptHandle } of letters) {
    try {
      const letter: Letter = JSON.parse(Body)
      const orders = await ordersIn(letter, streams)
      if (orders.length === 0 && !('DDBStreamBatchInfo' in letter)) throw new Error(`No room and position: ${Body}`)
      for (const order of orders) await carryOut(order)
      await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      delivered++
    } catch (error) {
      kept++
      console.error(`kept: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
console.log(`${delivered} delivered again, ${kept} kept in the queue.`)
process.exitCode = kept > 0 ? 1 : 0

/** Letters that this run has not seen: those that it keeps come back in ten minutes, when it is long over. */
async function next(): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 1,
    VisibilityTimeout: 600,
  })
  return (await queues.send(command)).Messages ?? []
}

async function carryOut(order: Delivery): Promise<void> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(order) }),
  )
  const { roomId, first, last } = order
  const said = Buffer.from(Payload ?? []).toString()
  if (FunctionError) throw new Error(`room ${roomId}, ${first} to ${last}: ${said}`)
  console.log(`room ${roomId}, ${first} to ${last}: ${said}`)
}

/** Whoever sits at the machine of the local run may do everything there. */
async function atLocalRun(endpoint: string) {
  const response = await fetch(`${endpoint}/_local/outputs`).catch(() => fail(`No local run answers at ${endpoint}.`))
  const { UndeliveredQueue: queue, DeliverFunction: worker }: Record<string, string> = JSON.parse(await response.text())
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' }
  return { queue, worker, client: { endpoint, region: 'us-east-1', credentials } }
}
