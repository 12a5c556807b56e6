import { observedJob } from '../observe.ts'
import type { OutcomeCounts } from '../push/connections.ts'
import { deliver, parseDelivery } from '../push/deliver.ts'
import { buildApp } from '../start.ts'
import { messages, sessions } from '../stores.ts'

const app = buildApp({ sessions, messages })

/**
 * One worker of a broadcast: delivers messages to one part of a large room. Returns the number of receivers for each
 * outcome.
 */
export const handler = (event: unknown, { awsRequestId }: { awsRequestId: string }): Promise<OutcomeCounts> =>
  observedJob(app, { verb: 'deliver', requestId: awsRequestId }, async (course) => {
    const delivery = parseDelivery(event)
    const { roomId, first, last } = delivery
    course.roomId = roomId
    const outcomes = await deliver(app, delivery)
    course.facts = { first, last, ...outcomes }
    return outcomes
  })
