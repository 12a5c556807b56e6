import { type JobOrder, replayErasures, runErasure } from '../domain/rooms/erasure.ts'
import { enforceRetention } from '../domain/rooms/retention.ts'
import { buildApp } from '../start.ts'
import { categories, directory, erasures, messages, people, records, retention, roles } from '../stores.ts'

const app = buildApp({ categories, directory, erasures, messages, people, records, retention, roles })

/** The time that a run leaves for the room that it has begun, in milliseconds. */
const reserveMs = 60_000

/** One order, or the work of each day. After a restore, every erasure is repeated. */
type Order = Partial<JobOrder> & { replayErasures?: unknown }

interface Context {
  awsRequestId: string
  getRemainingTimeInMillis(): number
}

/** Each run goes on where the run before has ended. The daily one also ends erasures that were cut off. */
export async function handler({ erase, replayErasures: replay }: Order, context: Context): Promise<object> {
  const startedAt = app.clock.now()
  const until = startedAt + context.getRemainingTimeInMillis() - reserveMs
  const report = (route: string, outcome: { [field: string]: number | boolean }) => {
    app.report({ route, requestId: context.awsRequestId, ...outcome, ms: app.clock.now() - startedAt })
    return outcome
  }
  if (replay === true) return report('replayErasures', { erasures: await replayErasures(app, until) })
  for (const job of await app.erasures.running()) {
    if (erase !== undefined && erase !== job.user) continue
    const { done, rooms, changed } = await runErasure(app, job, until)
    report('erase', { done, rooms, changed })
  }
  return erase === undefined ? report('retention', await enforceRetention(app, until)) : {}
}
