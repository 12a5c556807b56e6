import type { EvaluatedAlarm } from './alarm.ts'
import type { Values } from './expression.ts'

export type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/**
 * How many periods more than it evaluates CloudWatch looks back for values in place of missing ones. Its documentation has
 * two in its example and does not tell the number for every period.
 */
export const morePeriods = 2

type Rule = Pick<EvaluatedAlarm, 'periods' | 'datapoints' | 'missing'>

/** The state of an alarm by whether each of its last values breaches the threshold, oldest first; undefined: no value. */
export function stateOf({ periods, datapoints, missing }: Rule, breaches: (boolean | undefined)[], now: State): State {
  const existing = breaches.filter((breach) => breach !== undefined)
  const alarmIf = (holds: boolean): State => (holds ? 'ALARM' : 'OK')
  const breaching = (of: boolean[]) => of.filter(Boolean).length
  // With enough real values, what is missing between them does not matter.
  if (existing.length >= periods) return alarmIf(breaching(existing.slice(-periods)) >= datapoints)
  const filled = periods - existing.length
  switch (missing) {
    case 'breaching':
      return alarmIf(breaching(existing) + filled >= datapoints)
    case 'notBreaching':
      return alarmIf(breaching(existing) >= datapoints)
    case 'ignore':
      if (breaching(existing) >= datapoints) return 'ALARM'
      return existing.includes(false) ? 'OK' : now
    case 'missing':
      if (existing.length === 0) return 'INSUFFICIENT_DATA'
      return existing.includes(false) ? alarmIf(breaching(existing) >= datapoints) : early(breaches, datapoints, now)
  }
}

/** Of values that all breach, the oldest must be as old as the periods that it takes: one that is fresh may stay alone. */
function early(breaches: (boolean | undefined)[], datapoints: number, now: State): State {
  const age = breaches.length - breaches.indexOf(true)
  return age >= datapoints ? 'ALARM' : now
}

/** Whether each value breaches the threshold of an alarm. */
export function breachesOf({ comparison, threshold }: EvaluatedAlarm, values: Values): (boolean | undefined)[] {
  return values.map((value) => {
    if (value === undefined) return undefined
    switch (comparison) {
      case 'GreaterThanThreshold':
        return value > threshold
      case 'GreaterThanOrEqualToThreshold':
        return value >= threshold
      case 'LessThanThreshold':
        return value < threshold
      case 'LessThanOrEqualToThreshold':
        return value <= threshold
    }
    throw new Error(`The local run does not know the comparison ${comparison}`)
  })
}
