import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { systemClock } from '../../client/index.ts'
import type { Asked, Command } from '../../commands/command.ts'
import { exitCodes, Failure, reasonOf } from '../../commands/failure.ts'
import { json, type Options } from '../../commands/options.ts'
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
  local: { kind: 'url', schemes: ['http:'], absent: 'http://127.0.0.1:3000', meaning: 'where the local run is' },
  json,
} as const satisfies Options

export const redrive: Command<typeof options> = {
  name: 'redrive',
  about: `Delivers again what could not be delivered in large rooms, and takes from the queue what succeeded.
Whoever has a message already drops it.`,
  options,
  notes: [
    'A deployment is reached with the credentials and the region of the environment, as by every tool for AWS.',
    'What cannot be delivered stays in the queue and is named on standard error with its id there.',
  ],
  exits: { 0: 'nothing stays in the queue', 1: 'something stays there, or the queue cannot be read' },
  examples: [
    'npm run --silent redrive -- --queue <output UndeliveredQueue> --function <output DeliverFunction>',
    'npm run --silent redrive -- --local http://127.0.0.1:4000',
  ],
  run: deliverAgain,
}

async function deliverAgain({ values, output }: Asked<typeof options>): Promise<number> {
  const { client, ...target } = await targetOf(values)
  // Standard error is for what stays in the queue.
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
