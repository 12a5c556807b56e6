import { deliver, deliveryOf } from './push/deliver.ts'
import type { Outcomes } from './push/outcomes.ts'
import { start } from './start.ts'

const app = start()

/** One worker of a broadcast: hands a few messages to one part of a large room, and answers what became of it. */
export async function handler(event: unknown, { awsRequestId }: { awsRequestId: string }): Promise<Outcomes> {
  const startedAt = app.pace.now()
  const delivery = deliveryOf(event)
  const outcomes = await deliver(app, delivery)
  const { first, last } = delivery
  app.report({ route: 'deliver', requestId: awsRequestId, first, last, ...outcomes, ms: app.pace.now() - startedAt })
  return outcomes
}
