import { randomUUID } from 'node:crypto'
import type { Usage } from '../usage.ts'
import { type Environment, failure, type Outcome } from './environment.ts'

export interface Pool {
  invoke(payload: string, requestId?: string): Promise<Outcome>
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
  let stopped = false

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

  async function run(payload: string, requestId: string): Promise<Outcome> {
    // What is tried again and again must not bring an ended run back to life.
    if (stopped) return new Promise(() => {})
    const acquired = acquire()
    if (!acquired) return { error: failure('TooManyRequestsException', 'Rate Exceeded.'), throttled: true }
    const environment = acquired instanceof Promise ? await acquired : acquired
    const began = performance.now()
    const outcome = await environment.invoke(requestId, payload)
    usage.invocation(name).milliseconds += performance.now() - began
    release(environment)
    return outcome
  }

  return {
    async invoke(payload, requestId = randomUUID()) {
      const outcome = await run(payload, requestId)
      const record = usage.invocation(name)
      if (outcome.throttled) record.throttles++
      else record.calls++
      if (outcome.error) {
        if (!outcome.throttled) record.errors++
        options.log(`${name}: ${outcome.error.errorType}: ${outcome.error.errorMessage}`)
      }
      return outcome
    },
    stop() {
      stopped = true
      for (const environment of all) environment.kill(failure('Runtime.ExitError', 'The local run ended'))
    },
  }
}
