import type { ErasureJob, ErasureStore, JobOrder, JobQueue } from '../../../lambdas/domain/rooms/erasure.ts'

/** The erasures of users in memory. */
export class MemoryErasures implements ErasureStore {
  readonly #jobs = new Map<string, ErasureJob>()

  async find(user: string): Promise<ErasureJob | undefined> {
    return structuredClone(this.#jobs.get(user))
  }

  async put(job: ErasureJob): Promise<void> {
    this.#jobs.set(job.user, structuredClone(job))
  }

  async running(): Promise<ErasureJob[]> {
    return [...this.#jobs.values()].filter(({ done }) => !done).map((job) => structuredClone(job))
  }
}

/** Notes the jobs that are started. */
export class MemoryJobs implements JobQueue {
  readonly started: string[] = []

  async start({ erase }: JobOrder): Promise<void> {
    this.started.push(erase)
  }
}
