import type { ReviewJob, Reviews } from '../../../lambdas/jobs/review-job.ts'

/** Jobs that were handed on, in order. A test runs them. */
export class MemoryReviews implements Reviews {
  readonly jobs: ReviewJob[] = []

  async start(job: ReviewJob): Promise<void> {
    this.jobs.push(structuredClone(job))
  }
}
