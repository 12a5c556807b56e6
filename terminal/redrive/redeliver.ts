import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Delivery } from '../../lambdas/domain/sessions/delivery.ts'
import { Failure, reasonOf } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { visible } from '../command/visible.ts'
import type { StreamSource } from './batch.ts'
import { type DeadLetter, deliveriesIn, failedCallIn, parseDeadLetter } from './dead-letters.ts'
import { receiveLetters, removeLetter } from './queue.ts'
import type { Target } from './target.ts'

/** The clients of AWS that a redelivery uses. */
export interface Clients extends StreamSource {
  queues: Pick<SQSClient, 'send'>
  lambda: Pick<LambdaClient, 'send'>
}

/** Delivers the messages of all letters, and calls failed reviews and jobs again. Removes the letters that succeed and reports the others. */
export async function redeliver(
  { queue, worker }: Pick<Target, 'queue' | 'worker'>,
  clients: Clients,
  output: Output,
): Promise<{ delivered: number; kept: number }> {
  let [delivered, kept] = [0, 0]
  for await (const letter of receiveLetters(clients.queues, queue)) {
    try {
      await redo(parseDeadLetter(letter.text), worker, clients, output)
      await removeLetter(clients.queues, queue, letter)
      delivered++
    } catch (error) {
      kept++
      output.fail(new Failure(`It stays in the queue: ${reasonOf(error)}`, 'kept'), { letter: letter.id })
    }
  }
  return { delivered, kept }
}

async function redo(letter: DeadLetter, worker: string, clients: Clients, output: Output): Promise<void> {
  const { name = worker, payload } = failedCallIn(letter) ?? {}
  if (name !== worker) return callAgain(name, payload, clients, output)
  for (const delivery of await deliveriesIn(letter, clients)) await deliver(delivery, worker, clients, output)
}

/** A review or a job takes minutes, so nothing waits for it. If it fails again, a new letter comes into the queue. */
async function callAgain(FunctionName: string, payload: unknown, { lambda }: Clients, output: Output): Promise<void> {
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(payload) }))
  await (output.isJson
    ? output.printJson({ function: FunctionName })
    : output.print(visible(`${FunctionName} is called again`)))
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
