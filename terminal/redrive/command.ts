import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { systemClock } from '../../client/index.ts'
import type { Command, Invocation } from '../command/command.ts'
import { exitCodes, Failure, reasonOf } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import { redeliver } from './redeliver.ts'
import { targetOf } from './target.ts'

const options = {
  queue: {
    kind: 'url',
    schemes: ['https:', 'http:'],
    absent: 'that of the local run',
    meaning: 'output UndeliveredQueue of a stack',
  },
  function: {
    kind: 'text',
    shown: 'name',
    absent: 'that of the local run',
    meaning: 'output DeliverFunction of the same stack',
  },
  local: { kind: 'url', schemes: ['http:'], absent: 'http://127.0.0.1:3000', meaning: 'the address of the local run' },
  json,
} as const satisfies Options

export const redrive: Command<typeof options> = {
  name: 'redrive',
  about: `Delivers the messages of dead letters again, and removes the letters whose delivery succeeds from the queue.
A client that has a message already ignores it. Reviews and jobs that failed are called again.`,
  options,
  notes: [
    'For a deployment the credentials and the region of the environment are used, as by every tool for AWS.',
    'A letter that cannot be delivered stays in the queue; standard error reports it with its id in the queue.',
  ],
  exits: { 0: 'no letter stays in the queue', 1: 'a letter stays there, or the queue cannot be read' },
  examples: [
    'npm run --silent redrive -- --queue <output UndeliveredQueue> --function <output DeliverFunction>',
    'npm run --silent redrive -- --local http://127.0.0.1:4000',
  ],
  run: deliverAgain,
}

async function deliverAgain({ values, output }: Invocation<typeof options>): Promise<number> {
  const { client, ...target } = await targetOf(values)
  // The SDK would print a warning about the version of Node.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const settings = { ...client, requestHandler: { connectionTimeout: 4000 } }
  const clients = {
    queues: new SQSClient(settings),
    lambda: new LambdaClient(settings),
    streams: new DynamoDBStreamsClient(settings),
    clock: systemClock,
  }
  const { delivered, kept } = await redeliver(target, clients, output).catch((error: unknown) => {
    throw new Failure(`The queue cannot be read: ${reasonOf(error)}`)
  })
  const text = `${delivered} delivered again, ${kept} kept in the queue.`
  await (output.isJson ? output.printJson({ delivered, kept }) : output.print(text))
  return kept > 0 ? exitCodes.failed : exitCodes.done
}
