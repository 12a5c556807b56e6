import { type AbortSignalLike, unlessAborted } from '../../client/abort.ts'
import { deferred } from '../../client/deferred.ts'
import { Joins } from '../../client/joins.ts'
import type { RoomReference } from '../../client/requests.ts'
import { outcomeOf } from '../client/outcome.ts'

const attic = { roomId: 'attic' }
const reason = new RangeError('The session left.')

/** The joins of a session whose client is leaving rooms until the test says that it has left. */
function someJoins() {
  const [asked, left] = [[] as RoomReference[], deferred<void>()]
  const joins = new Joins((reference) => {
    asked.push(reference)
    return left.promise
  })
  return { joins, asked, left }
}

/** A join that lasts until its signal is aborted or the test ends it. */
function aJoin() {
  const [signals, end] = [[] as AbortSignalLike[], deferred<string>()]
  const join = (signal: AbortSignalLike) => {
    signals.push(signal)
    return unlessAborted(end.promise, signal)
  }
  return { join, signals, end }
}

describe('a join of a session', () => {
  it('starts at once and returns its result', async () => {
    const { joins, asked } = someJoins()
    const { join, signals, end } = aJoin()
    const work = joins.run(attic, undefined, join)
    expect([signals.length, signals[0]?.aborted, await outcomeOf(work)]).toEqual([1, false, 'pending'])
    end.resolve('joined')
    expect([await outcomeOf(work), asked]).toEqual(['joined', []])
  })

  it('does not start if its signal is aborted, and ends with a signal that is aborted later', async () => {
    const { joins } = someJoins()
    const { join, signals } = aJoin()
    expect(await outcomeOf(joins.run(attic, AbortSignal.abort(reason), join))).toBe(reason)
    expect(signals).toEqual([])
    const abort = new AbortController()
    const work = joins.run(attic, abort.signal, join)
    abort.abort(reason)
    expect([await outcomeOf(work), signals[0]?.reason]).toEqual([reason, reason])
  })

  it('does not listen to the signal after its end', async () => {
    const { joins } = someJoins()
    const { join, signals, end } = aJoin()
    const abort = new AbortController()
    const work = joins.run(attic, abort.signal, join)
    end.resolve('joined')
    await work
    abort.abort(reason)
    expect(signals[0]?.aborted).toBe(false)
  })
})

describe('a cancellation', () => {
  it('ends the joins at once, and itself when the client has left their rooms', async () => {
    const { joins, asked, left } = someJoins()
    const { join } = aJoin()
    const both = [joins.run(attic, undefined, join), joins.run({ roomName: 'Cellar' }, undefined, join)]
    const outcomes = both.map(outcomeOf)
    const cancelling = joins.cancel(reason)
    expect(await Promise.all(outcomes)).toEqual([reason, reason])
    expect([await outcomeOf(cancelling), asked]).toEqual(['pending', [attic]])
    left.resolve()
    expect([await outcomeOf(cancelling), asked]).toEqual([undefined, [attic, { roomName: 'Cellar' }]])
  })

  it('waits for the end of a join that its signal does not end', async () => {
    const { joins, asked } = someJoins()
    const end = deferred<string>()
    const work = joins.run(attic, undefined, () => end.promise)
    const cancelling = joins.cancel(reason)
    expect([await outcomeOf(cancelling), asked]).toEqual(['pending', []])
    end.resolve('joined')
    expect([await outcomeOf(work), await outcomeOf(cancelling), asked]).toEqual(['joined', 'pending', [attic]])
  })

  it('delays the next joins, and ends those that wait for it without asking for their rooms', async () => {
    const { joins, asked, left } = someJoins()
    const [first, second, third] = [aJoin(), aJoin(), aJoin()]
    void outcomeOf(joins.run(attic, undefined, first.join))
    const cancelling = joins.cancel(reason)
    const waiting = outcomeOf(joins.run({ roomId: 'cellar' }, undefined, second.join))
    const again = joins.cancel(reason)
    expect([await waiting, second.signals]).toEqual([reason, []])
    const next = joins.run({ roomId: 'hall' }, undefined, third.join)
    expect([await outcomeOf(next), third.signals]).toEqual(['pending', []])
    left.resolve()
    third.end.resolve('joined')
    expect([await outcomeOf(cancelling), await outcomeOf(again)]).toEqual([undefined, undefined])
    expect([await outcomeOf(next), asked]).toEqual(['joined', [attic]])
  })

  it('is over when it has ended: later joins start at once, and can be cancelled again', async () => {
    const { joins, asked, left } = someJoins()
    left.resolve()
    await joins.cancel(reason)
    const { join, signals } = aJoin()
    const work = outcomeOf(joins.run(attic, undefined, join))
    expect(signals).toHaveLength(1)
    await joins.cancel(reason)
    expect([await work, asked]).toEqual([reason, [attic]])
    await joins.cancel(reason)
    expect(asked).toEqual([attic])
  })
})
