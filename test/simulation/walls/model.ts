import type { Caller } from '../../../lambdas/domain/access/principals.ts'
import type { Frame } from '../fuzz/frames.ts'

export const isDenied = ({ user, groups }: Caller, denied: ReadonlySet<string>): boolean =>
  denied.has('everyone') || denied.has(`user:${user}`) || groups.some((group) => denied.has(`group:${group}`))

/**
 * Whom the log of each room must not reach: those whom its category denies, and those whom an earlier category denied.
 * Only acts of an administrator take somebody from this list.
 */
export class WallModel {
  readonly #deniedBy = new Map<string, readonly string[]>()
  readonly #rooms = new Map<string, { categoryId: string; denied: ReadonlySet<string> }>()
  readonly #roomOf = new Map<number, string>()

  /** Those whom a message, by its number, must not reach. */
  deniedIn(message: number): ReadonlySet<string> {
    const room = this.#rooms.get(this.#roomOf.get(message) ?? '')
    if (!room) throw new Error(`Message ${message} is in no room.`)
    return room.denied
  }

  /** Notes what a frame has changed. */
  note(caller: Caller, frame: Frame, reply: Frame): void {
    if (frame.action === 'createCategory' || frame.action === 'updateCategory') {
      const { categoryId, denied } = reply.category as { categoryId: string; denied?: string[] }
      this.#deniedBy.set(categoryId, denied ?? [])
      for (const room of this.#rooms.values()) if (room.categoryId === categoryId) room.denied = new Set(denied)
    }
    if (frame.action === 'createRoom' || frame.action === 'moveRoom') {
      const { roomId, categoryId } = reply.room as { roomId: string; categoryId: string }
      const kept = caller.admin ? [] : (this.#rooms.get(roomId)?.denied ?? [])
      this.#rooms.set(roomId, { categoryId, denied: new Set([...kept, ...(this.#deniedBy.get(categoryId) ?? [])]) })
    }
  }

  /** Notes a frame before it is sent. A retry has the number of the first try, and the same room. */
  announce(frame: Frame): void {
    if (frame.action === 'send') this.#roomOf.set(Number(/\d+/.exec(String(frame.text))), String(frame.roomId))
  }
}
