import { type AbortSignalLike, onAbort, throwIfAborted, unlessAborted } from './abort.ts'
import type { RoomReference } from './requests.ts'

/** A join until it has ended, one way or the other. */
interface Join {
  readonly abort: AbortController
  readonly reference: RoomReference
  readonly ended: Promise<void>
}

/** The joins of one session that are under way. */
export class Joins {
  readonly #departed: (reference: RoomReference) => Promise<void>
  readonly #underWay = new Set<Join>()
  /** Those that were called off, until the server has no session from them. */
  #calledOff: Promise<void> | undefined

  /** `departed` resolves when no joining of this room is undone any more. */
  constructor(departed: (reference: RoomReference) => Promise<void>) {
    this.#departed = departed
  }

  get any(): boolean {
    return this.#underWay.size > 0
  }

  /** Joins when nothing is left of those that were called off. Rejects with the reason of either signal. */
  async run<Value>(
    reference: RoomReference,
    signal: AbortSignalLike | undefined,
    join: (signal: AbortSignalLike) => Promise<Value>,
  ): Promise<Value> {
    throwIfAborted(signal)
    const abort = new AbortController()
    const { stop } = onAbort(signal, (reason) => abort.abort(reason))
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const own = { abort, reference, ended }
    this.#underWay.add(own)
    try {
      if (this.#calledOff) await unlessAborted(this.#calledOff, abort.signal)
      return await join(abort.signal)
    } finally {
      stop()
      this.#underWay.delete(own)
      end()
    }
  }

  /** Ends all of them with this reason. Resolves when the server has no session from them either. */
  callOff(reason: Error): Promise<void> {
    const joins = [...this.#underWay]
    for (const { abort } of joins) abort.abort(reason)
    // Those that wait for this have nothing on the server yet.
    this.#calledOff ??= this.#gone(joins).finally(() => {
      this.#calledOff = undefined
    })
    return this.#calledOff
  }

  async #gone(joins: readonly Join[]): Promise<void> {
    await Promise.all(joins.map(({ ended }) => ended))
    // What a join still comes to is undone by the client.
    for (const { reference } of joins) await this.#departed(reference)
  }
}
