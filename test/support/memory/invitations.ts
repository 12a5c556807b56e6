import type { InvitationStore } from '../../../lambdas/domain/access/invitations.ts'
import type { Invitation } from '../../../lambdas/domain/access/roles.ts'

export class MemoryInvitations implements InvitationStore {
  readonly #of = new Map<string, Invitation[]>()

  async list(user: string, after: number, limit: number): Promise<Invitation[]> {
    const behind = (this.#of.get(user) ?? []).filter(({ invitationId }) => invitationId > after)
    return behind.slice(0, limit).map((invitation) => structuredClone(invitation))
  }

  /** Gives the user's next number. */
  add(user: string, roomId: string, createdAt: number): Invitation {
    const earlier = this.#of.get(user) ?? []
    const invitation = { invitationId: earlier.length + 1, user, roomId, createdAt }
    this.#of.set(user, [...earlier, invitation])
    return structuredClone(invitation)
  }
}
