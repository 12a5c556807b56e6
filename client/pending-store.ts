import type { Locks } from './locks.ts'
import { type Outbox, type PendingMessage, parse, serialize } from './outbox.ts'
import { attempt, noStorage, type Storage } from './storage.ts'

/** The unsent messages of one client, in a storage that it may share with other tabs or clients. */
export class PendingStore {
  readonly #storage: Storage
  readonly #locks: Locks
  readonly #owner: string
  readonly #changing = new Set<Promise<unknown>>()
  #release: Promise<(() => void) | undefined> | undefined

  /** `owner` must be unique for each client. */
  constructor(storage: Storage, locks: Locks, owner: string) {
    this.#storage = storage
    this.#locks = locks
    this.#owner = owner
  }

  /** Takes over and returns the messages of clients that have ended. */
  async adopt(key: string): Promise<Outbox> {
    if (this.#storage === noStorage) return []
    this.#release ??= attempt(() => this.#locks.take(lockOf(this.#owner)))
    await this.#release
    const adopted = await this.#change(key, async (stored) => {
      const foreign = stored.filter(({ owner }) => owner !== this.#owner)
      const ended = await this.#endedOwners(foreign)
      const adopted = foreign.filter(({ owner }) => owner === undefined || ended.has(owner)).map(asAdopted)
      const others = stored.filter((pending) => !adopted.some(isSame(pending)))
      return { stored: [...others, ...adopted.map((pending) => ({ ...pending, owner: this.#owner }))], result: adopted }
    })
    return adopted ?? []
  }

  /** Replaces the messages of this client and keeps those of others. */
  async save(key: string, outbox: Outbox): Promise<void> {
    if (this.#storage === noStorage) return
    const mine = outbox.map((pending) => ({ ...pending, owner: this.#owner }))
    await this.#change(key, async (stored) => ({
      stored: [...stored.filter(({ owner }) => owner !== this.#owner), ...mine],
      result: undefined,
    }))
  }

  /** From now on other clients may adopt the messages of this one. */
  async close(): Promise<void> {
    const release = await this.#release
    while (this.#changing.size > 0) await Promise.all(this.#changing)
    release?.()
  }

  async #change<Result>(key: string, change: (stored: Outbox) => Promise<{ stored: Outbox; result: Result }>) {
    const work = async () => {
      const before = await attempt(() => this.#storage.get(key))
      const { stored, result } = await change(parse(before))
      if (stored.length > 0) await attempt(() => this.#storage.set(key, serialize(stored)))
      else if (before) await attempt(() => this.#storage.remove(key))
      return result
    }
    const changing = attempt(() => this.#locks.exclusively(`${key}/change`, work))
    this.#changing.add(changing)
    return changing.finally(() => this.#changing.delete(changing))
  }

  /** The owners whose lock is free: these clients have ended. */
  async #endedOwners(foreign: Outbox): Promise<Set<string>> {
    const ended = new Set<string>()
    for (const owner of new Set(foreign.map((pending) => pending.owner))) {
      if (owner === undefined) continue
      // The check takes the lock for a moment. A second check at that moment would find the client running.
      const hasEnded = () => this.#locks.exclusively(`${lockOf(owner)}/look`, () => this.#canTake(lockOf(owner)))
      if (await attempt(hasEnded)) ended.add(owner)
    }
    return ended
  }

  async #canTake(name: string): Promise<boolean> {
    const release = await this.#locks.take(name)
    release?.()
    return release !== undefined
  }
}

/** Tabs may run different versions of this client, so names of locks must not change. */
const lockOf = (owner: string) => `persistent-chat/client/${owner}`

const isSame =
  ({ clientMessageId }: PendingMessage) =>
  (other: PendingMessage) =>
    other.clientMessageId === clientMessageId

/**
 * A duplicated tab has the unsent messages of the first one, which may have sent a copy of this one. So the first try
 * covers the log from the position at which the message was written.
 */
const asAdopted = ({ owner: _, since, ...pending }: PendingMessage): PendingMessage => {
  const after = pending.after ?? since
  return after === undefined ? pending : { ...pending, after, undecided: true }
}
