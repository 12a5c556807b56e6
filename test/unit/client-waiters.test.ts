import { Waiters } from '../../client/waiters.ts'
import { outcomeOf } from '../client/outcome.ts'

const never = 'pending'

describe('a wait for a value', () => {
  it('ends with the next value or the next error, and not with an earlier one', async () => {
    const waiters = new Waiters<number>()
    waiters.resolve(1)
    const [first, second] = [waiters.wait(), waiters.wait()]
    expect([await outcomeOf(first), await outcomeOf(second)]).toEqual([never, never])
    waiters.resolve(2)
    expect([await outcomeOf(first), await outcomeOf(second)]).toEqual([2, 2])
    const third = waiters.wait()
    const error = new Error('There is none.')
    const outcome = outcomeOf(third)
    waiters.reject(error)
    expect(await outcome).toBe(error)
    expect(await outcomeOf(waiters.wait())).toBe(never)
  })

  it('ends with the reason of its signal, before or during the wait', async () => {
    const waiters = new Waiters<number>()
    const reason = new RangeError('Enough.')
    expect(await outcomeOf(waiters.wait(AbortSignal.abort(reason)))).toBe(reason)
    const abort = new AbortController()
    const [aborted, other] = [outcomeOf(waiters.wait(abort.signal)), waiters.wait()]
    abort.abort(reason)
    expect([await aborted, await outcomeOf(other)]).toEqual([reason, never])
    waiters.resolve(3)
    expect(await outcomeOf(other)).toBe(3)
  })
})
