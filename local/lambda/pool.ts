import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Clock } from '../clock.ts'
import type { Platform } from '../cloudwatch/platform.ts'
import type { Usage } from '../usage.ts'
import { type Environment, failure, type InvocationResult } from './environment.ts'
import { watchProcessors } from './processors.ts'

export interface Pool {
  invoke(payload: string, requestId?: string): Promise<InvocationResult>
  stop(): void
}

export interface PoolOptions {
  name: string
  /** Reserved concurrency of the function. Events beyond it are throttled. */
  reserved?: number | undefined
  /** Maximum environments of a function without reserved concurrency. Events beyond it wait. */
  limit: number
  clock: Clock
  start: () => Environment
  usage: Usage
  platform: Platform
  /** Whether the next invocation fails before the handler runs. */
  fails: () => boolean
  log: (line: string) => void
}

/** Loading an environment needs a processor, so more at a time would not finish earlier. */
const maxLoading = availableParallelism()

/** Above this number, a further environment starts only when an event has waited for `startDelayMs`. */
const maxWithoutDelay = 2 * availableParallelism()
const startDelayMs = 250

/**
 * While the processors are busy, a further environment would only slow down the others. It starts if no event has
 * ended for this long, because then they may all wait for something else.
 */
const hangingMs = 1000
const busyShare = 0.85

/** An event that has waited longer is throttled: its sender has probably given up, and it must not delay the others. */
const maxWaitMs = 12_000

/** An environment that was idle for this long is ended, except for the last one. */
const maxIdleMs = 60_000

const failed: InvocationResult = { error: failure('Runtime.ExitError', 'Runtime exited by a fault of the run') }

const throttled: InvocationResult = { error: failure('TooManyRequestsException', 'Rate Exceeded.'), throttled: true }

/**
 * The execution environments of one function. An event gets the environment that was used last, so that the others stay
 * idle and can be ended. If none is idle, it gets the first one that becomes free, be it new or used.
 */
export function functionPool(options: PoolOptions): Pool {
  const { name, reserved, usage, platform, clock } = options
  const limit = reserved ?? options.limit
  const idle: { environment: Environment; since: number }[] = []
  const all = new Set<Environment>()
  const waiting: { take: (environment?: Environment) => void; since: number }[] = []
  let [taken, loading, stopped, idleCheckIsPlanned, startIsPlanned] = [0, 0, false, false, false]

  function grow(): void {
    while (!stopped && waiting.length > loading && loading < maxLoading && all.size < limit) {
      if (all.size >= maxWithoutDelay && delayLeft() > 0) {
        growLater()
        return
      }
      const environment = options.start()
      usage.invocation(name).coldStarts++
      all.add(environment)
      loading++
      void environment.ready.then(() => {
        loading--
        // If the handler cannot be loaded, the event fails.
        if (environment.ended) waiting.shift()?.take(environment)
        release(environment)
      })
    }
  }

  let [processorsAreBusy, endedAt] = [false, 0]
  const delayLeft = () =>
    processorsAreBusy
      ? hangingMs - (performance.now() - Math.max(endedAt, waiting[0]?.since ?? 0))
      : startDelayMs - (performance.now() - (waiting[0]?.since ?? 0))

  /** Uses the real time and not the clock of the run, because it limits the load of this machine. */
  function growLater(): void {
    if (startIsPlanned) return
    startIsPlanned = true
    const watched = watchProcessors()
    setTimeout(
      () => {
        startIsPlanned = false
        processorsAreBusy = watched() > busyShare
        grow()
      },
      Math.min(delayLeft(), startDelayMs),
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
    while (waiting[0] && now - waiting[0].since > maxWaitMs) waiting.shift()?.take()
    if (environment.ended) all.delete(environment)
    else {
      const next = waiting.shift()
      if (next) next.take(environment)
      else idle.push({ environment, since: clock.now() })
    }
    grow()
    endIdleLater()
  }

  function endIdleLater(): void {
    if (idleCheckIsPlanned || idle.length < 2) return
    idleCheckIsPlanned = true
    clock.after(maxIdleMs, () => {
      idleCheckIsPlanned = false
      const recent = idle.findIndex(({ since }) => since > clock.now() - maxIdleMs)
      for (const { environment } of idle.splice(0, recent < 0 ? idle.length - 1 : recent)) {
        all.delete(environment)
        environment.kill(failure('Runtime.ExitError', 'The environment was not needed any more'))
      }
      endIdleLater()
    })
  }

  async function run(payload: string, requestId: string): Promise<InvocationResult> {
    // A retry must not start an environment in a run that has stopped.
    if (stopped) return new Promise(() => {})
    if (reserved !== undefined && taken >= reserved) return throttled
    taken++
    const acquired = acquire()
    const environment = acquired instanceof Promise ? await acquired : acquired
    if (!environment) {
      taken--
      return throttled
    }
    const began = performance.now()
    const ended = platform.invoked(name)
    const outcome = options.fails() ? failed : await environment.invoke(requestId, payload)
    ended({ failed: outcome.error !== undefined })
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
      if (outcome.throttled) {
        record.throttles++
        platform.throttled(name)
      } else record.calls++
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
