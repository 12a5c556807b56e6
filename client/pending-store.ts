import type { Locks } from './locks.ts'
import { type Outbox, type PendingMessage, parse, serialize } from './outbox.ts'
import { attempt, noStorage, type Storage } from './storage.ts'

/** The drafts of one client, in a storage that it may share with other tabs or clients. */
export class PendingStore {
  readonly #storage: Storage
  readonly #locks: Locks
  readonly #owner: string
  readonly #changing = new Set<Promise<unknown>>()
  #release: Promise<(() => void) | undefined> | undefined

  /** `owner` is this client's alone, as long as the program runs. */
  constructor(storage: Storage, locks: Locks, owner: string) {
    this.#storage = storage
    this.#locks = locks
    this.#owner = owner
  }

  /** The drafts of clients that are gone. From now on they belong to this client. */
  async adopt(key: string): Promise<Outbox> {
    if (this.#storage === noStorage) return []
    this.#release ??= attempt(() => this.#locks.take(lockOf(this.#owner)))
    await this.#release
    const adopted = await this.#change(key, async (kept) => {
      const left = kept.filter(({ owner }) => owner !== this.#owner)
      const gone = await this.#goneOwners(left)
      const adopted = left.filter(({ owner }) => owner === undefined || gone.has(owner)).map(asAdopted)
      const others = kept.filter((draft) => !adopted.some(isSame(draft)))
      return { kept: [...others, ...adopted.map((draft) => ({ ...draft, owner: this.#owner }))], result: adopted }
    })
    return adopted ?? []
  }

  /** These are now the drafts of this client; those of others stay as they are. */
  async save(key: string, outbox: Outbox): Promise<void> {
    if (this.#storage === noStorage) return
    const mine = outbox.map((draft) => ({ ...draft, owner: this.#owner }))
    await this.#change(key, async (kept) => ({
      kept: [...kept.filter(({ owner }) => owner !== this.#owner), ...mine],
      result: undefined,
    }))
  }

  /** From now on other clients may adopt the drafts of this one. */
  async close(): Promise<void> {
    const release = await this.#release
    while (this.#changing.size > 0) await Promise.all(this.#changing)
    release?.()
  }

  async #change<Result>(key: string, change: (kept: Outbox) => Promise<{ kept: Outbox; result: Result }>) {
    const work = async () => {
      const before = await attempt(() => this.#storage.get(key))
      const { kept, result } = await change(parse(before))
      if (kept.length > 0) await attempt(() => this.#storage.set(key, serialize(kept)))
      else if (before) await attempt(() => this.#storage.remove(key))
      return result
    }
    const changing = attempt(() => this.#locks.exclusively(`${key}/change`, work))
    this.#changing.add(changing)
    return changing.finally(() => this.#changing.delete(changing))
  }

  /** The owners whose lock is free: these clients are gone. */
  async #goneOwners(left: Outbox): Promise<Set<string>> {
    const gone = new Set<string>()
    for (const owner of new Set(left.map((draft) => draft.owner))) {
      if (owner === undefined) continue
      // Whoever looks has the name for a moment: to others who look as well, its client would seem to live.
      const isGone = () => this.#locks.exclusively(`${lockOf(owner)}/look`, () => this.#canTake(lockOf(owner)))
      if (await attempt(isGone)) gone.add(owner)
    }
    return gone
  }

  async #canTake(name: string): Promise<boolean> {
    const release = await this.#locks.take(name)
    release?.()
    return release !== undefined
  }
}

const lockOf = (owner: string) => `persistent-chat/client/${owner}`

const isSame =
  ({ clientMessageId }: PendingMessage) =>
  (other: PendingMessage) =>
    other.clientMessageId === clientMessageId

/**
 * A copy of it may have been sent, since a duplicated tab has the drafts of the first one. So it is looked for from the
 * head of the room when it was written, and not from the present one.
 */
const asAdopted = ({ owner: _, since, ...draft }: PendingMessage): PendingMessage => {
  const after = draft.after ?? since
  return after === undefined ? draft : { ...draft, after, undecided: true }
}
