import { type Locks, localLocks } from '../../client/locks.ts'
import type { PendingMessage } from '../../client/outbox.ts'
import { PendingStore } from '../../client/pending-store.ts'
import { noStorage } from '../../client/storage.ts'
import { outcomeOf } from '../client/listening.ts'
import { settled } from '../client/manual-clock.ts'
import { memoryStorage } from '../client/memory-storage.ts'

const key = 'outbox'
const lockOfMe = 'persistent-chat/client/me'
const lockOf = (owner: string) => `persistent-chat/client/${owner}`

const pending = (clientMessageId: string, more: Partial<PendingMessage> = {}): PendingMessage => ({
  clientMessageId,
  body: { text: clientMessageId },
  ...more,
})

/** The store of the client `me`, with a storage of these messages. `asked` has the locks and accesses, in order. */
function storeWith(...messages: readonly PendingMessage[]) {
  const kept = memoryStorage()
  if (messages.length > 0) kept.kept.set(key, JSON.stringify(messages))
  const real = localLocks()
  const asked: string[] = []
  const locks: Locks = {
    take(name) {
      asked.push(`take ${name}`)
      return real.take(name)
    },
    exclusively(name, work) {
      asked.push(`exclusively ${name}`)
      return real.exclusively(name, work)
    },
  }
  const storage = {
    get: (name: string) => kept.get(name),
    set(name: string, value: string) {
      asked.push(`set ${name}`)
      return kept.set(name, value)
    },
    remove(name: string) {
      asked.push(`remove ${name}`)
      return kept.remove(name)
    },
  }
  const stored = () => JSON.parse(kept.kept.get(key) ?? '[]')
  return { store: new PendingStore(storage, locks, 'me'), locks: real, storage, asked, stored }
}

describe('messages of other clients', () => {
  it.each<[string, PendingMessage, PendingMessage | undefined]>([
    ['that have ended are taken over', pending('a', { owner: 'gone' }), pending('a')],
    ['without an owner are taken over', pending('a'), pending('a')],
    [
      'that were not tried are taken over from where they were written',
      pending('a', { owner: 'gone', since: 3 }),
      pending('a', { after: 3, undecided: true }),
    ],
    [
      'that were written before any message are taken over from there',
      pending('a', { owner: 'gone', since: 0 }),
      pending('a', { after: 0, undecided: true }),
    ],
    [
      'that were tried are taken over from their first try',
      pending('a', { owner: 'gone', since: 3, after: 0, undecided: false }),
      pending('a', { after: 0, undecided: true }),
    ],
    ['that run stay theirs', pending('a', { owner: 'running', since: 3 }), undefined],
    ['with the present owner stay as they are', pending('a', { owner: 'me', since: 3 }), undefined],
  ])('%s', async (_, message, adopted) => {
    const { store, locks, stored } = storeWith(message)
    await locks.take(lockOf('running'))
    expect(await outcomeOf(store.adopt(key))).toStrictEqual({ value: adopted ? [adopted] : [] })
    expect(stored()).toEqual([adopted ? { ...adopted, owner: 'me' } : message])
  })

  it('are behind those that stay, and each owner is looked for once', async () => {
    const { store, locks, asked, stored } = storeWith(
      pending('a', { owner: 'gone' }),
      pending('b', { owner: 'running' }),
      pending('c', { owner: 'gone' }),
      pending('d', { owner: 'me' }),
      pending('e'),
    )
    await locks.take(lockOf('running'))
    expect(await outcomeOf(store.adopt(key))).toEqual({ value: [pending('a'), pending('c'), pending('e')] })
    expect(stored().map((one: PendingMessage) => [one.clientMessageId, one.owner])).toEqual([
      ['b', 'running'],
      ['d', 'me'],
      ['a', 'me'],
      ['c', 'me'],
      ['e', 'me'],
    ])
    expect(asked).toEqual([
      `take ${lockOfMe}`,
      `exclusively ${key}/change`,
      `exclusively ${lockOf('gone')}/look`,
      `take ${lockOf('gone')}`,
      `exclusively ${lockOf('running')}/look`,
      `take ${lockOf('running')}`,
      `set ${key}`,
    ])
  })

  it('leave their locks free', async () => {
    const { store, locks } = storeWith(pending('a', { owner: 'gone' }))
    await outcomeOf(store.adopt(key))
    expect(await locks.take(lockOf('gone'))).toBeInstanceOf(Function)
  })

  it('are none if the storage or the locks fail', async () => {
    const fails = () => Promise.reject(new Error('It fails.'))
    const { storage, stored } = storeWith(pending('a', { owner: 'gone' }))
    for (const store of [
      new PendingStore({ ...storage, get: fails }, localLocks(), 'me'),
      new PendingStore(storage, { take: fails, exclusively: fails }, 'me'),
      new PendingStore(storage, { ...localLocks(), exclusively: fails }, 'me'),
    ]) {
      expect(await outcomeOf(store.adopt(key))).toEqual({ value: [] })
    }
    expect(stored()).toEqual([pending('a', { owner: 'gone' })])
  })
})

describe('the messages of a client', () => {
  it('replace its earlier ones, behind those of others', async () => {
    const other = pending('b', { owner: 'other' })
    const { store, stored, asked } = storeWith(pending('a', { owner: 'me' }), other, pending('c'))
    expect(await outcomeOf(store.save(key, [pending('d', { after: 1 })]))).toStrictEqual({ value: undefined })
    expect(stored()).toEqual([other, pending('c'), pending('d', { after: 1, owner: 'me' })])
    expect(asked).toEqual([`exclusively ${key}/change`, `set ${key}`])
  })

  it('leave no entry in the storage when there are none, and remove nothing twice', async () => {
    const { store, asked } = storeWith(pending('a', { owner: 'me' }))
    await outcomeOf(store.save(key, []))
    await outcomeOf(store.save(key, []))
    await outcomeOf(store.adopt(key))
    expect(asked.filter((one) => /^(set|remove)/.test(one))).toEqual([`remove ${key}`])
  })

  it('are neither read nor written, and no lock is taken, if nothing is kept', async () => {
    const lock = jest.fn()
    const store = new PendingStore(noStorage, { take: lock, exclusively: lock }, 'me')
    expect(await outcomeOf(store.adopt(key))).toEqual({ value: [] })
    expect(await outcomeOf(store.save(key, [pending('a')]))).toStrictEqual({ value: undefined })
    expect(await outcomeOf(store.close())).toStrictEqual({ value: undefined })
    expect(lock).not.toHaveBeenCalled()
  })
})

describe('the lock of a client', () => {
  it('is taken once, before its first messages, and held until it closes', async () => {
    const { store, locks, asked } = storeWith()
    await outcomeOf(store.adopt(key))
    await outcomeOf(store.adopt('other'))
    expect(asked).toEqual([`take ${lockOfMe}`, `exclusively ${key}/change`, 'exclusively other/change'])
    expect(await locks.take(lockOfMe)).toBeUndefined()
    expect(await outcomeOf(store.close())).toStrictEqual({ value: undefined })
    expect(await locks.take(lockOfMe)).toBeInstanceOf(Function)
  })

  it('is held until all changes are written', async () => {
    const { store, locks, storage } = storeWith()
    await outcomeOf(store.adopt(key))
    const ends: (() => void)[] = []
    storage.set = () => new Promise<void>((resolve) => ends.push(resolve))
    void store.save(key, [pending('a')])
    await settled()
    const closing = store.close()
    await settled()
    // A change that begins meanwhile counts as well.
    void store.save(key, [pending('b')])
    ends[0]?.()
    await settled()
    expect([ends.length, await locks.take(lockOfMe)]).toEqual([2, undefined])
    ends[1]?.()
    expect(await outcomeOf(closing)).toStrictEqual({ value: undefined })
    expect(await locks.take(lockOfMe)).toBeInstanceOf(Function)
  })
})
