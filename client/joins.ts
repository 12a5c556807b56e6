import { type AbortSignalLike, onAbort, throwIfAborted, unlessAborted } from './abort.ts'
import { deferred } from './deferred.ts'
import type { RoomReference } from './requests.ts'

/** A join in progress. */
interface Join {
  readonly abort: AbortController
  readonly reference: RoomReference
  /** Resolves when the join has succeeded or failed. */
  readonly ended: Promise<void>
}

/** The joins of one session that are in progress. */
export class Joins {
  readonly #leavesDone: (reference: RoomReference) => Promise<void>
  readonly #inProgress = new Set<Join>()
  /** Resolves when the server has no session of the cancelled joins. */
  #cancelling: Promise<void> | undefined

  /** `leavesDone` resolves when the client is not leaving this room. */
  constructor(leavesDone: (reference: RoomReference) => Promise<void>) {
    this.#leavesDone = leavesDone
  }

  /** Joins when the server has no session of the cancelled joins. Rejects with the reason of either signal. */
  async run<Value>(
    reference: RoomReference,
    signal: AbortSignalLike | undefined,
    join: (signal: AbortSignalLike) => Promise<Value>,
  ): Promise<Value> {
    throwIfAborted(signal)
    const abort = new AbortController()
    const { stop } = onAbort(signal, (reason) => abort.abort(reason))
    const { promise: ended, resolve: end } = deferred<void>()
    const own = { abort, reference, ended }
    this.#inProgress.add(own)
    try {
      if (this.#cancelling) await unlessAborted(this.#cancelling, abort.signal)
      return await join(abort.signal)
    } finally {
      stop()
      this.#inProgress.delete(own)
      end()
    }
  }

  /** Aborts all of them with this reason. Resolves when the server has no session of them. */
  cancel(reason: Error): Promise<void> {
    const joins = [...this.#inProgress]
    for (const { abort } of joins) abort.abort(reason)
    // Joins that wait for an earlier cancellation have not reached the server.
    this.#cancelling ??= this.#undone(joins).finally(() => {
      this.#cancelling = undefined
    })
    return this.#cancelling
  }

  async #undone(joins: readonly Join[]): Promise<void> {
    await Promise.all(joins.map(({ ended }) => ended))
    // If the server still answers one of these joins, the client leaves the room again.
    for (const { reference } of joins) await this.#leavesDone(reference)
  }
}
