import type { OutcomeCounts } from '../push/connections.ts'
import { deliver, parseDelivery } from '../push/deliver.ts'
import { buildApp } from '../start.ts'
import { messages, sessions } from '../stores.ts'

const app = buildApp({ sessions, messages })

/**
 * One worker of a broadcast: delivers messages to one part of a large room. Returns the number of receivers for each
 * outcome.
 */
export async function handler(event: unknown, { awsRequestId }: { awsRequestId: string }): Promise<OutcomeCounts> {
  const startedAt = app.clock.now()
  const delivery = parseDelivery(event)
  const outcomes = await deliver(app, delivery)
  const { first, last } = delivery
  app.report({ route: 'deliver', requestId: awsRequestId, first, last, ...outcomes, ms: app.clock.now() - startedAt })
  return outcomes
}
