import { ConnectionError, type ConnectionErrorCode } from '../../client/errors.ts'
import { Retries } from '../../client/retries.ts'

const lost = 1006
const violation = 1008
const restart = 1012

const stable = 5000

describe('the wait before the next connection', () => {
  const half = () => new Retries(() => 0.5)

  it('doubles with every failure, except after a refused token', () => {
    const retries = half()
    expect([1, 2, 3].map(() => retries.afterFailure())).toEqual([500, 1000, 2000])
    expect(retries.afterFailure('unauthorized')).toBe(500)
    expect(retries.afterFailure('unreachable')).toBe(4000)
    retries.reset()
    expect([1, 2].map(() => retries.afterFailure('misconfigured'))).toEqual([500, 1000])
  })

  it.each<[string, (readonly [lastedMs: number, code: number | undefined])[], number[]]>([
    [
      'short connections doubles',
      [
        [0, lost],
        [stable - 1, undefined],
        [0, lost],
      ],
      [500, 1000, 2000],
    ],
    [
      'a stable connection starts small again',
      [
        [0, lost],
        [0, lost],
        [stable, lost],
        [0, lost],
      ],
      [500, 1000, 500, 1000],
    ],
    [
      'a violation of the policy is long, and grows',
      [
        [0, violation],
        [0, violation],
      ],
      [8000, 16_000],
    ],
    [
      'a violation of a stable connection is long as well',
      [
        [stable, violation],
        [stable, violation],
      ],
      [8000, 16_000],
    ],
    [
      'a violation is not shortened after many failures',
      [...Array(5).fill([0, lost]), [0, violation]],
      [500, 1000, 2000, 4000, 8000, 16_000],
    ],
    [
      'a restart of the service is 5 to 30 seconds',
      [
        [0, lost],
        [0, restart],
        [0, lost],
      ],
      [500, 17_500, 1000],
    ],
    [
      'a restart of the service after a stable connection as well',
      [
        [0, lost],
        [stable, restart],
        [0, lost],
      ],
      [500, 17_500, 500],
    ],
  ])('after %s', (_, losses, waits) => {
    const retries = half()
    expect(losses.map(([lastedMs, code]) => retries.afterLoss(lastedMs, code))).toEqual(waits)
  })

  it('after a restart of the service is random', () => {
    expect([0, 1].map((draw) => new Retries(() => draw).afterLoss(0, restart))).toEqual([5000, 30_000])
  })
})

describe('another try', () => {
  /** Whether another try may help, for one error after another. */
  const verdicts = (retries: Retries, codes: readonly ConnectionErrorCode[], wasConnected = false) =>
    codes.map((code) => retries.mayHelp(new ConnectionError('It failed.', code), wasConnected))

  it.each<[ConnectionErrorCode, boolean, boolean]>([
    ['unreachable', false, true],
    ['unreachable', true, true],
    ['misconfigured', false, false],
    ['misconfigured', true, true],
  ])('after the error %s of a client that was connected (%p) may help: %p', (code, wasConnected, mayHelp) => {
    expect(verdicts(new Retries(() => 0), [code], wasConnected)).toEqual([mayHelp])
  })

  it.each([true, false])(
    'may help after two refusals of a token in a row, and not after three (connected %p)',
    (wasConnected) => {
      const codes = ['unauthorized', 'unauthorized', 'unauthorized', 'unauthorized'] as const
      expect(verdicts(new Retries(() => 0), codes, wasConnected)).toEqual([true, true, false, false])
    },
  )

  it('counts refusals anew after another error and after a connection', () => {
    const retries = new Retries(() => 0)
    expect(verdicts(retries, ['unauthorized', 'unauthorized', 'unreachable', 'unauthorized', 'unauthorized'])).toEqual(
      Array(5).fill(true),
    )
    retries.opened()
    expect(verdicts(retries, ['unauthorized', 'unauthorized', 'unauthorized'])).toEqual([true, true, false])
  })
})
