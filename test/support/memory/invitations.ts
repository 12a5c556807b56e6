import type { InvitationStore } from '../../../lambdas/domain/access/invitations.ts'
import type { Invitation } from '../../../lambdas/domain/access/roles.ts'

/** The invitations of every user in memory. */
export class MemoryInvitations implements InvitationStore {
  readonly #byUser = new Map<string, Invitation[]>()

  async list(user: string, after: number, limit: number): Promise<Invitation[]> {
    const later = (this.#byUser.get(user) ?? []).filter(({ invitationId }) => invitationId > after)
    return later.slice(0, limit).map((invitation) => structuredClone(invitation))
  }

  async hasSince(user: string, count: number, time: number): Promise<boolean> {
    const newest = (this.#byUser.get(user) ?? []).slice(-count)
    return newest.length === count && newest.every(({ createdAt }) => createdAt > time)
  }

  forget(user: string): void {
    this.#byUser.delete(user)
  }

  /** Adds an invitation under the user's next number. */
  add(user: string, roomId: string, createdAt: number): Invitation {
    const earlier = this.#byUser.get(user) ?? []
    const invitation = { invitationId: earlier.length + 1, user, roomId, createdAt }
    this.#byUser.set(user, [...earlier, invitation])
    return structuredClone(invitation)
  }
}
