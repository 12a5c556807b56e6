import type { Treatment } from '../../../local/cloudwatch/alarm.ts'
import { type State, stateOf } from '../../../local/cloudwatch/state.ts'

/** `X` breaches the threshold, `0` does not, `-` has no value; the newest is last, and the state before is kept as `=`. */
function states(points: string, datapoints: number, periods = 3): Record<Treatment, State | '='> {
  const breaches = points.split(' ').map((point) => ({ X: true, '0': false })[point])
  const state = (missing: Treatment) => {
    const rule = { periods, datapoints, missing }
    const after = (before: State) => stateOf(rule, breaches, before)
    return after('OK') === after('ALARM') ? after('OK') : '='
  }
  return {
    missing: state('missing'),
    ignore: state('ignore'),
    breaching: state('breaching'),
    notBreaching: state('notBreaching'),
  }
}

describe('three of three periods, as the documentation of CloudWatch has it', () => {
  test.each([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', '=', 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', '=', 'ALARM', 'OK'],
  ])('%s', (points, missing, ignore, breaching, notBreaching) => {
    expect(states(points, 3)).toEqual({ missing, ignore, breaching, notBreaching })
  })
})

describe('two of three periods, as the documentation of CloudWatch has it', () => {
  test.each([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', '=', 'ALARM', 'OK'],
  ])('%s', (points, missing, ignore, breaching, notBreaching) => {
    expect(states(points, 2)).toEqual({ missing, ignore, breaching, notBreaching })
  })
})

test('values farther back count only in place of missing ones', () => {
  expect(states('X X 0 0 0', 2).notBreaching).toBe('OK')
  expect(states('X X 0 - -', 2).notBreaching).toBe('ALARM')
})

test('a single fresh value that breaches changes nothing while the others are missing', () => {
  expect(states('- - - - X', 3).missing).toBe('=')
})

test('one of one period follows the newest value, and the last one while there is none', () => {
  expect(states('X X 0', 1, 1).notBreaching).toBe('OK')
  expect(states('0 0 X', 1, 1).notBreaching).toBe('ALARM')
  expect(states('0 X -', 1, 1).notBreaching).toBe('ALARM')
  expect(states('- - -', 1, 1).notBreaching).toBe('OK')
})
