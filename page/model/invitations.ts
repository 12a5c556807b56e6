import type { Invitation } from '../../client/index.ts'
import { browserStorage } from '../storage.ts'

interface Kept {
  readonly open: readonly Invitation[]
  /** Numbers of the latest that were answered: another tab may be told of them only then. */
  readonly answered: readonly number[]
}

const mostAnswered = 100

/** Invitations that a user has neither followed nor declined: one for each room, kept for all tabs of this browser. */
export class Invitations {
  readonly key: string

  constructor(user: string) {
    this.key = `persistent-chat/open-invitations/${user}`
  }

  get open(): readonly Invitation[] {
    return this.#kept.open
  }

  add(invitation: Invitation): void {
    const { open, answered } = this.#kept
    const { invitationId, room } = invitation
    const isNewer = open.every((other) => other.room.roomId !== room.roomId || other.invitationId < invitationId)
    if (!isNewer || answered.includes(invitationId)) return
    this.#write({ open: [...open.filter(isOfOther(room.roomId)), invitation], answered })
  }

  /** The user has decided about this room. */
  answer(roomId: string): void {
    const { open, answered } = this.#kept
    const now = open.filter((invitation) => invitation.room.roomId === roomId)
    if (now.length === 0) return
    const all = [...answered, ...now.map(({ invitationId }) => invitationId)]
    this.#write({ open: open.filter(isOfOther(roomId)), answered: all.slice(-mostAnswered) })
  }

  get #kept(): Kept {
    return browserStorage.read<Kept>(this.key) ?? { open: [], answered: [] }
  }

  #write(kept: Kept): void {
    browserStorage.write(this.key, kept)
  }
}

const isOfOther = (roomId: string) => (invitation: Invitation) => invitation.room.roomId !== roomId
