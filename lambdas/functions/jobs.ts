import { type JobOrder, replayErasures, runErasure } from '../domain/rooms/erasure.ts'
import { enforceRetention } from '../domain/rooms/retention.ts'
import { observedJob } from '../observe.ts'
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
export const handler = (order: Order, context: Context): Promise<object> =>
  observedJob(app, { verb: 'jobs', requestId: context.awsRequestId }, async (course) => {
    const until = app.clock.now() + context.getRemainingTimeInMillis() - reserveMs
    const outcome = await run(order, until)
    course.facts = { ...outcome }
    return outcome
  })

async function run({ erase, replayErasures: replay }: Order, until: number) {
  if (replay === true) return { erasures: await replayErasures(app, until) }
  for (const job of await app.erasures.running()) {
    if (erase !== undefined && erase !== job.user) continue
    const { done, rooms, changed } = await runErasure(app, job, until)
    app.note({ job: 'erase', done, rooms, changed })
  }
  return erase === undefined ? enforceRetention(app, until) : {}
}
