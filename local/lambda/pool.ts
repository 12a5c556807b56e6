import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Clock } from '../clock.ts'
import type { Usage } from '../usage.ts'
import { type Environment, failure, type Outcome } from './environment.ts'
import { watchProcessors } from './processors.ts'

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
  clock: Clock
  start: () => Environment
  usage: Usage
  log: (line: string) => void
}

/** Loading is work for a processor: more at a time would only make each of them later. */
const mostLoading = availableParallelism()

/** Beyond twice the processors another environment helps only where events wait for something else than a processor. */
const mostAtOnce = 2 * availableParallelism()
const patienceMs = 250

/** While the processors are busy, another one only takes from those that run. It helps when for so long none has ended an event. */
const hangingMs = 1000
const busyShare = 0.85

/** Whoever has waited for so long is refused, as an account refuses what is more than it runs at once: most do not wait longer, and what nobody waits for any more must not hold up the others. */
const longestWaitMs = 12_000

/** An environment that nothing needed for so long goes, but for the last. */
const restMs = 60_000

const tooMany: Outcome = { error: failure('TooManyRequestsException', 'Rate Exceeded.'), throttled: true }

/**
 * The execution environments of one function. An event takes the one that was used last, so that idle ones stay idle;
 * with none idle it takes the first to be free, be that a new one or one whose event has ended meanwhile.
 */
export function functionPool(options: PoolOptions): Pool {
  const { name, reserved, usage, clock } = options
  const limit = reserved ?? options.limit
  const idle: { environment: Environment; since: number }[] = []
  const all = new Set<Environment>()
  const waiting: { take: (environment?: Environment) => void; since: number }[] = []
  let [taken, loading, stopped, resting, patient] = [0, 0, false, false, false]

  function grow(): void {
    while (!stopped && waiting.length > loading && loading < mostLoading && all.size < limit) {
      if (all.size >= mostAtOnce && patienceLeft() > 0) {
        wait()
        return
      }
      const environment = options.start()
      usage.invocation(name).coldStarts++
      all.add(environment)
      loading++
      void environment.ready.then(() => {
        loading--
        // What cannot be loaded fails the event that it was loaded for.
        if (environment.ended) waiting.shift()?.take(environment)
        release(environment)
      })
    }
  }

  let [areBusy, endedAt] = [false, 0]
  const patienceLeft = () =>
    areBusy
      ? hangingMs - (performance.now() - Math.max(endedAt, waiting[0]?.since ?? 0))
      : patienceMs - (performance.now() - (waiting[0]?.since ?? 0))

  /** By the time of this machine, whatever the clock says: it is this machine that is to be spared. */
  function wait(): void {
    if (patient) return
    patient = true
    const watched = watchProcessors()
    setTimeout(
      () => {
        patient = false
        areBusy = watched() > busyShare
        grow()
      },
      Math.min(patienceLeft(), patienceMs),
    ).unref()
  }

  function acquire(): Environment | Promise<Environment | undefined> {
    for (let reused = idle.pop(); reused; reused = idle.pop()) {
      if (!reused.environment.ended) return reused.environment
      all.delete(reused.environment)
    }
    return new Promise((take) => {
      waiting.push({ take, since: performance.now() })
      grow()
    })
  }

  function release(environment: Environment): void {
    const now = performance.now()
    while (waiting[0] && now - waiting[0].since > longestWaitMs) waiting.shift()?.take()
    if (environment.ended) all.delete(environment)
    else {
      const next = waiting.shift()
      if (next) next.take(environment)
      else idle.push({ environment, since: clock.now() })
    }
    grow()
    rest()
  }

  /** Ends what has been idle for long. */
  function rest(): void {
    if (resting || idle.length < 2) return
    resting = true
    clock.after(restMs, () => {
      resting = false
      const tired = idle.findIndex(({ since }) => since > clock.now() - restMs)
      for (const { environment } of idle.splice(0, tired < 0 ? idle.length - 1 : tired)) {
        all.delete(environment)
        environment.kill(failure('Runtime.ExitError', 'The environment was not needed any more'))
      }
      rest()
    })
  }

  async function run(payload: string, requestId: string): Promise<Outcome> {
    // What is tried again and again must not bring an ended run back to life.
    if (stopped) return new Promise(() => {})
    if (reserved !== undefined && taken >= reserved) return tooMany
    taken++
    const acquired = acquire()
    const environment = acquired instanceof Promise ? await acquired : acquired
    if (!environment) {
      taken--
      return tooMany
    }
    const began = performance.now()
    const outcome = await environment.invoke(requestId, payload)
    usage.invocation(name).milliseconds += performance.now() - began
    taken--
    endedAt = performance.now()
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
