import type { Invitation } from '../../client/index.ts'
import { browserStorage } from '../storage.ts'

/** Stored as JSON, so the fields must keep their names. */
interface Stored {
  readonly open: readonly Invitation[]
  /** Numbers of the latest invitations that the user has decided about. Another tab may receive them later. */
  readonly answered: readonly number[]
}

const maxAnswered = 100

/** Invitations that the user has not decided about, one for each room. All tabs of this browser share them. */
export class Invitations {
  readonly key: string

  constructor(user: string) {
    this.key = `persistent-chat/open-invitations/${user}`
  }

  get open(): readonly Invitation[] {
    return this.#stored.open
  }

  add(invitation: Invitation): void {
    const { open, answered } = this.#stored
    const { invitationId, room } = invitation
    const isNewer = open.every((other) => other.room.roomId !== room.roomId || other.invitationId < invitationId)
    if (!isNewer || answered.includes(invitationId)) return
    this.#write({ open: [...open.filter(isOfOther(room.roomId)), invitation], answered })
  }

  /** The user has decided about this room. */
  answer(roomId: string): void {
    const { open, answered } = this.#stored
    const decided = open.filter((invitation) => invitation.room.roomId === roomId)
    if (decided.length === 0) return
    const all = [...answered, ...decided.map(({ invitationId }) => invitationId)]
    this.#write({ open: open.filter(isOfOther(roomId)), answered: all.slice(-maxAnswered) })
  }

  get #stored(): Stored {
    return browserStorage.read<Stored>(this.key) ?? { open: [], answered: [] }
  }

  #write(stored: Stored): void {
    browserStorage.write(this.key, stored)
  }
}

const isOfOther = (roomId: string) => (invitation: Invitation) => invitation.room.roomId !== roomId
