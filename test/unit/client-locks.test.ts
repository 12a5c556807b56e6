import { localLocks, platformLocks } from '../../client/locks.ts'
import { outcomeOf } from '../client/listening.ts'
import { settled } from '../client/manual-clock.ts'
import { withGlobal } from '../client/with-global.ts'

describe('a lock of the program', () => {
  it('has one holder until it is released', async () => {
    const locks = localLocks()
    const release = await locks.take('a')
    expect([release, await locks.take('a'), await locks.take('b')]).toEqual([
      expect.any(Function),
      undefined,
      expect.any(Function),
    ])
    expect(release?.()).toBeUndefined()
    expect(await locks.take('a')).toBeInstanceOf(Function)
  })

  it('runs work one after the other, also after work that failed, and other work at once', async () => {
    const locks = localLocks()
    const order: string[] = []
    const ends: (() => void)[] = []
    const work = (name: string, end: () => unknown) => async () => {
      order.push(name)
      await new Promise<void>((resolve) => ends.push(resolve))
      return end()
    }
    const failed = new Error('It fails.')
    const running = [
      locks.exclusively(
        'a',
        work('first', () => {
          throw failed
        }),
      ),
      locks.exclusively(
        'a',
        work('second', () => 2),
      ),
      locks.exclusively(
        'b',
        work('other', () => 3),
      ),
      locks.exclusively(
        'a',
        work('third', () => 4),
      ),
    ]
    for (const one of running) one.catch(() => undefined)
    for (const expected of [['first', 'other'], ['second'], ['third'], []]) {
      await settled()
      expect(order.splice(0)).toEqual(expected)
      for (const end of ends.splice(0)) end()
    }
    expect(await Promise.all(running.map(outcomeOf))).toEqual([
      { error: failed },
      { value: 2 },
      { value: 3 },
      { value: 4 },
    ])
  })

  it('is shared by all clients of a platform without Web Locks', async () => {
    for (const navigator of [undefined, {}]) {
      await withGlobal('navigator', navigator, async () => {
        const release = await platformLocks().take('a')
        expect(await platformLocks().take('a')).toBeUndefined()
        release?.()
      })
    }
  })
})

describe('a lock of the platform', () => {
  it('is asked for only if it is free, and exclusive work waits', async () => {
    const asked: unknown[] = []
    const request = async (name: string, options: object, run: (lock: unknown) => Promise<unknown>) => {
      asked.push([name, options])
      return run(name === 'taken' ? null : { name })
    }
    await withGlobal('navigator', { locks: { request } }, async () => {
      const locks = platformLocks()
      expect(await outcomeOf(locks.take('free'))).toEqual({ value: expect.any(Function) })
      expect(await outcomeOf(locks.take('taken'))).toStrictEqual({ value: undefined })
      expect(await outcomeOf(locks.exclusively('free', async () => 7))).toEqual({ value: 7 })
    })
    expect(asked).toEqual([
      ['free', { ifAvailable: true }],
      ['taken', { ifAvailable: true }],
      ['free', {}],
    ])
  })

  it('that is refused rejects', async () => {
    const denied = new Error('Denied.')
    await withGlobal('navigator', { locks: { request: () => Promise.reject(denied) } }, async () => {
      expect(await outcomeOf(platformLocks().take('a'))).toEqual({ error: denied })
      expect(await outcomeOf(platformLocks().exclusively('a', async () => 7))).toEqual({ error: denied })
    })
  })
})
