import type { Clock } from '../clock.ts'
import type { EvaluatedAlarm } from './alarm.ts'
import { readEmbedded } from './emf.ts'
import { evaluateAlarm } from './evaluation.ts'
import type { Values } from './expression.ts'
import type { State } from './state.ts'
import { type MetricId, type MetricStore, metricStore, minuteMs } from './store.ts'

export interface AlarmState {
  id: string
  description: string
  state: State
  /** When it came into this state, in milliseconds since 1970. */
  since: number
  /** The values that it looked at last, oldest first. */
  values: Values
}

export interface CloudWatch {
  store: MetricStore
  /** Takes a line of a function's log, with the metrics in it. */
  line(functionName: string, line: string): void
  /** The time of the metrics. */
  now(): number
  alarms(): AlarmState[]
  /** Every change of a state, oldest first. */
  history(): { id: string; state: State; at: number }[]
  stop(): void
}

export interface CloudWatchOptions {
  /** The time of the metrics: a minute of this clock is a period of an alarm. */
  clock: Clock
  alarms: EvaluatedAlarm[]
  /** Asked at the end of each minute. */
  gauges?: () => (MetricId & { value: number })[]
  log: (line: string) => void
  /** The time that the functions have. */
  machineNow?: () => number
}

/** The longest period of an alarm, and what its evaluation may look back beyond it. */
const keptMs = 25 * 60 * minuteMs

/** Keeps the metrics of a run and evaluates its alarms at the end of each minute. */
export function startCloudWatch({
  clock,
  alarms,
  gauges = () => [],
  log,
  machineNow = Date.now,
}: CloudWatchOptions): CloudWatch {
  const store = metricStore()
  const states = new Map<string, AlarmState>(
    alarms.map(({ id, description }) => [
      id,
      { id, description, state: 'INSUFFICIENT_DATA', since: clock.now(), values: [] },
    ]),
  )
  const history: { id: string; state: State; at: number }[] = []
  let cancel = () => {}

  function endMinute(): void {
    const at = Math.floor(clock.now() / minuteMs) * minuteMs
    for (const gauge of gauges()) store.put({ ...gauge, at: at - 1 })
    for (const alarm of alarms) {
      const before = states.get(alarm.id)
      if (!before) continue
      const { state, values } = evaluateAlarm(store, alarm, at, before.state)
      const changed = state !== before.state
      states.set(alarm.id, { ...before, state, values, since: changed ? at : before.since })
      if (changed) history.push({ id: alarm.id, state, at })
    }
    store.forget(at - keptMs)
    plan()
  }

  function plan(): void {
    cancel = clock.after(minuteMs - (clock.now() % minuteMs), endMinute)
  }
  plan()

  return {
    store,
    line(functionName, line) {
      const embedded = readEmbedded(line)
      if (!embedded) return
      if ('problem' in embedded) {
        log(`cloudwatch: ${functionName} writes metrics that CloudWatch drops: ${embedded.problem}`)
        const id = { namespace: 'AWS/Logs', name: 'EMFValidationErrors' }
        store.put({ ...id, dimensions: { LogGroupName: `/aws/lambda/${functionName}` }, value: 1, at: clock.now() })
        return
      }
      // The functions have the time of this machine, which may not be that of the metrics.
      for (const datum of embedded.data) store.put({ ...datum, at: clock.now() - Math.max(0, machineNow() - datum.at) })
    },
    now: clock.now,
    alarms: () => [...states.values()],
    history: () => [...history],
    stop: () => cancel(),
  }
}
