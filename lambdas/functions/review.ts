import { runReview } from '../jobs/review.ts'
import { parseReviewJob } from '../jobs/review-job.ts'
import { observedJob } from '../observe.ts'
import { buildApp } from '../start.ts'
import { categories, reviews, roles, rooms, sessions } from '../stores.ts'

/** The rest is handed on after this time, which leaves 20 seconds of the function's minute for the work under way. */
const reviewMs = 40_000

// The function hands on to itself.
const app = buildApp({ rooms, roles, categories, sessions, reviews })

/** Goes on with a review that took a verb too long. */
export const handler = (event: unknown, { awsRequestId }: { awsRequestId: string }): Promise<void> =>
  observedJob(app, { verb: 'review', requestId: awsRequestId }, async (course) => {
    const job = parseReviewJob(event)
    course.roomId = 'roomId' in job ? job.roomId : undefined
    await runReview(app, job, app.clock.now() + reviewMs)
  })
