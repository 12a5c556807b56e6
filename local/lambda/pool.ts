import { randomUUID } from 'node:crypto'
import type { Usage } from '../usage.ts'
import { type Environment, failure, type Outcome } from './environment.ts'

export interface Pool {
  invoke(event: unknown): Promise<Outcome>
  stop(): void
}

export interface PoolOptions {
  name: string
  /** Reserved concurrency of the function: beyond it Lambda throttles. */
  reserved?: number | undefined
  /** How many environments this machine gives a function without one: beyond it events wait. */
  limit: number
  start: () => Environment
  usage: Usage
  log: (line: string) => void
}

/** The execution environments of one function. The one that was used last is used first, so that idle ones stay idle. */
export function functionPool(options: PoolOptions): Pool {
  const { name, reserved, usage } = options
  const limit = reserved ?? options.limit
  const idle: Environment[] = []
  const all = new Set<Environment>()
  const waiting: ((environment: Environment) => void)[] = []

  const start = () => {
    const environment = options.start()
    usage.invocation(name).coldStarts++
    all.add(environment)
    return environment
  }

  function acquire(): Environment | Promise<Environment> | undefined {
    for (let reused = idle.pop(); reused; reused = idle.pop()) {
      if (!reused.ended) return reused
      all.delete(reused)
    }
    if (all.size < limit) return start()
    if (reserved !== undefined) return undefined
    return new Promise((resolve) => waiting.push(resolve))
  }

  function release(environment: Environment): void {
    if (environment.ended) all.delete(environment)
    const next = waiting.shift()
    if (next) next(environment.ended ? start() : environment)
    else if (!environment.ended) idle.push(environment)
  }

  async function run(event: unknown): Promise<Outcome> {
    const environment = await acquire()
    if (!environment) return { error: failure('TooManyRequestsException', 'Rate Exceeded.') }
    const outcome = await environment.invoke(randomUUID(), JSON.stringify(event))
    release(environment)
    return outcome
  }

  return {
    async invoke(event) {
      const record = usage.invocation(name)
      record.calls++
      const outcome = await run(event)
      if ('error' in outcome) {
        record.errors++
        options.log(`${name}: ${outcome.error.errorType}: ${outcome.error.errorMessage}`)
      }
      return outcome
    },
    stop() {
      for (const environment of all) environment.kill(failure('Runtime.ExitError', 'The local run ended'))
    },
  }
}
