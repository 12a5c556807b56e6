import { SqsDeadLetters } from '../aws/dead-letters.ts'
import { LambdaWorkers } from '../aws/workers.ts'
import { env } from '../bindings.ts'
import type { Delivery } from '../domain/sessions/delivery.ts'
import { required } from '../environment.ts'
import { observedJob } from '../observe.ts'
import { broadcast } from '../push/broadcast.ts'
import { buildApp } from '../start.ts'
import { entriesIn, type StreamEvent } from '../store/stream.ts'
import { messages, sessions } from '../stores.ts'

const app = {
  ...buildApp({ sessions, messages }),
  workers: new LambdaWorkers<Delivery>(required(env.deliverFunction)),
  undelivered: new SqsDeadLetters(required(env.undeliveredQueue)),
  postsPerSecond: Number(required(env.postsPerSecond)),
}

/** Receives the entries of large rooms from the stream of the log. */
export const handler = (event: StreamEvent, { awsRequestId }: { awsRequestId: string }) =>
  observedJob(app, { verb: 'broadcast', requestId: awsRequestId }, async (course) => {
    const again = await broadcast(app, entriesIn(event))
    course.facts = { records: event.Records.length, again: again.length }
    return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) }
  })
