import { UndeliveredQueue } from './aws/dead-letters.ts'
import { InvokedWorkers } from './aws/workers.ts'
import { env } from './bindings.ts'
import { broadcast } from './push/broadcast.ts'
import { required, start } from './start.ts'
import { type StreamEvent, streamedOf } from './store/stream.ts'

const app = {
  ...start(),
  workers: new InvokedWorkers(required(env.deliverFunction)),
  undelivered: new UndeliveredQueue(required(env.undeliveredQueue)),
  postsPerSecond: Number(required(env.postsPerSecond)),
}

/** Fed by the stream of the log with what is said in large rooms. */
export async function handler(event: StreamEvent) {
  const startedAt = app.pace.now()
  const again = await broadcast(app, streamedOf(event))
  app.report({ route: 'broadcast', records: event.Records.length, again: again.length, ms: app.pace.now() - startedAt })
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) }
}
