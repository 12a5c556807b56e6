import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Delivery } from '../../lambdas/domain/sessions/delivery.ts'
import { Failure, reasonOf } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { visible } from '../command/visible.ts'
import type { Source } from './batch.ts'
import { letterIn, ordersIn } from './dead-letters.ts'
import { letters, remove } from './queue.ts'
import type { Target } from './target.ts'

/** The clients of AWS that a redelivery uses. */
export interface Clients extends Source {
  queues: Pick<SQSClient, 'send'>
  lambda: Pick<LambdaClient, 'send'>
}

/** Carries out the letters of the queue and removes those that succeed. The others stay there and are named. */
export async function redeliver(
  { queue, worker }: Pick<Target, 'queue' | 'worker'>,
  clients: Clients,
  output: Output,
): Promise<{ delivered: number; kept: number }> {
  let [delivered, kept] = [0, 0]
  for await (const letter of letters(clients.queues, queue)) {
    try {
      const orders = await ordersIn(letterIn(letter.text), clients)
      for (const order of orders) await carryOut(order, worker, clients, output)
      await remove(clients.queues, queue, letter)
      delivered++
    } catch (error) {
      kept++
      output.fail(new Failure(`It stays in the queue: ${reasonOf(error)}`, 'kept'), { letter: letter.id })
    }
  }
  return { delivered, kept }
}

async function carryOut(order: Delivery, FunctionName: string, { lambda }: Clients, output: Output): Promise<void> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(order) }),
  )
  const { roomId, first, last } = order
  const reply = Buffer.from(Payload ?? []).toString()
  const told = `room ${roomId}, ${first} to ${last}: ${reply}`
  if (FunctionError) throw new Error(told)
  await (output.isJson ? output.printJson({ roomId, first, last, reply }) : output.print(visible(told)))
}
