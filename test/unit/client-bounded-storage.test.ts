import { boundedStorage } from '../../client/bounded-storage.ts'
import { noStorage, type Storage } from '../../client/storage.ts'
import { outcomeOf } from '../client/listening.ts'
import { ManualClock, settled } from '../client/manual-clock.ts'

/** A storage whose accesses end when the test ends them; `asked` has all of them. */
function heldStorage() {
  const clock = new ManualClock()
  const asked: unknown[][] = []
  const ends: { resolve(value: string | undefined): void; reject(error: Error): void }[] = []
  const access = (...call: unknown[]) => {
    asked.push(call)
    return new Promise<never>((resolve, reject) => ends.push({ resolve: resolve as never, reject }))
  }
  const storage: Storage = {
    get: (key) => access('get', key),
    set: (key, value) => access('set', key, value),
    remove: (key) => access('remove', key),
  }
  return { clock, asked, ends, storage: boundedStorage(storage, clock) }
}

const accesses: readonly [string, (storage: Storage) => unknown, unknown[]][] = [
  ['get', (storage) => storage.get('k'), ['get', 'k']],
  ['set', (storage) => storage.set('k', 'v'), ['set', 'k', 'v']],
  ['remove', (storage) => storage.remove('k'), ['remove', 'k']],
]

describe('an access to a storage', () => {
  it.each(accesses)('(%s) ends as the storage ends it, and nothing waits then', async (_, access, call) => {
    const { clock, asked, ends, storage } = heldStorage()
    const [good, bad] = [Promise.resolve(access(storage)), Promise.resolve(access(storage))]
    expect([asked, clock.due]).toEqual([
      [call, call],
      [5000, 5000],
    ])
    const failed = outcomeOf(bad)
    ends[0]?.resolve('value')
    ends[1]?.reject(new Error('Full.'))
    expect(await outcomeOf(good)).toEqual({ value: 'value' })
    expect(await failed).toEqual({ error: new Error('Full.') })
    expect(clock.due).toEqual([])
  })

  it.each(accesses)('(%s) fails after five seconds, and others at once until it has ended', async (_, access) => {
    const { clock, asked, ends, storage } = heldStorage()
    const failing = Promise.resolve(access(storage))
    failing.catch(() => undefined)
    await clock.pass(4999)
    void storage.get('other')
    expect(asked).toHaveLength(2)
    await clock.pass(1)
    expect(await outcomeOf(failing)).toEqual({ error: new Error('The storage does not answer.') })
    for (const [, other] of accesses) expect(() => other(storage)).toThrow('The storage does not answer.')
    expect(asked).toHaveLength(2)
    ends[1]?.resolve('value')
    await settled()
    expect(() => storage.get('k')).toThrow('The storage does not answer.')
    ends[0]?.reject(new Error('It took too long.'))
    await settled()
    void storage.get('k')
    expect([asked.length, clock.due]).toEqual([3, [5000]])
  })

  it.each([null, undefined, 'value'])('that returns %p without a promise returns it as it is', (value) => {
    const clock = new ManualClock()
    const storage = boundedStorage({ ...noStorage, get: () => value }, clock)
    expect([storage.get('k'), clock.due]).toEqual([value, []])
  })

  it('is not watched if nothing is kept', () => {
    expect(boundedStorage(noStorage, new ManualClock())).toBe(noStorage)
  })
})
