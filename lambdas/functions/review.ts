import { runReview } from '../jobs/review.ts'
import { parseReviewJob } from '../jobs/review-job.ts'
import { buildApp } from '../start.ts'
import { categories, reviews, roles, rooms, sessions } from '../stores.ts'

/** The rest is handed on after this time, which leaves 20 seconds of the function's minute for the work under way. */
const reviewMs = 40_000

// The function hands on to itself.
const app = buildApp({ rooms, roles, categories, sessions, reviews })

/** Goes on with a review that took a verb too long. */
export async function handler(event: unknown, { awsRequestId }: { awsRequestId: string }): Promise<void> {
  const startedAt = app.clock.now()
  const job = parseReviewJob(event)
  await runReview(app, job, startedAt + reviewMs)
  app.report({ route: 'review', requestId: awsRequestId, ms: app.clock.now() - startedAt })
}
