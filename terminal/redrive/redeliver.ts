import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Delivery } from '../../lambdas/domain/sessions/delivery.ts'
import { Failure, reasonOf } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { visible } from '../command/visible.ts'
import type { StreamSource } from './batch.ts'
import { deliveriesIn, parseDeadLetter } from './dead-letters.ts'
import { receiveLetters, removeLetter } from './queue.ts'
import type { Target } from './target.ts'

/** The clients of AWS that a redelivery uses. */
export interface Clients extends StreamSource {
  queues: Pick<SQSClient, 'send'>
  lambda: Pick<LambdaClient, 'send'>
}

/** Delivers the messages of all letters of the queue. Removes the letters that succeed and reports the others. */
export async function redeliver(
  { queue, worker }: Pick<Target, 'queue' | 'worker'>,
  clients: Clients,
  output: Output,
): Promise<{ delivered: number; kept: number }> {
  let [delivered, kept] = [0, 0]
  for await (const letter of receiveLetters(clients.queues, queue)) {
    try {
      const deliveries = await deliveriesIn(parseDeadLetter(letter.text), clients)
      for (const delivery of deliveries) await deliver(delivery, worker, clients, output)
      await removeLetter(clients.queues, queue, letter)
      delivered++
    } catch (error) {
      kept++
      output.fail(new Failure(`It stays in the queue: ${reasonOf(error)}`, 'kept'), { letter: letter.id })
    }
  }
  return { delivered, kept }
}

async function deliver(delivery: Delivery, FunctionName: string, { lambda }: Clients, output: Output): Promise<void> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(delivery) }),
  )
  const { roomId, first, last } = delivery
  const reply = Buffer.from(Payload ?? []).toString()
  const text = `room ${roomId}, ${first} to ${last}: ${reply}`
  if (FunctionError) throw new Error(text)
  await (output.isJson ? output.printJson({ roomId, first, last, reply }) : output.print(visible(text)))
}
