import type { Invitation, Replies } from './requests.ts'
import { attempt, type Storage } from './storage.ts'

export interface InvitationsOptions {
  readonly storage: Storage
  /** The caller's own id. */
  user(): string
  /** A page of invitations after this number. */
  fetch(after: number): Promise<Replies['invitations']>
  onInvitation(invitation: Invitation): void
}

/**
 * Raises each invitation once, including those from a time without a connection. The invitations of a user are numbered
 * 1, 2, 3 …
 */
export class Invitations {
  readonly #options: InvitationsOptions
  /** Numbers after `#last` that were raised. */
  readonly #raised = new Set<number>()
  /** All invitations up to this number were raised. */
  #last: number | undefined
  #ended = false

  constructor(options: InvitationsOptions) {
    this.#options = options
  }

  end(): void {
    this.#ended = true
  }

  receive(invitation: Invitation): void {
    this.#raise(invitation)
    if (this.#last !== undefined) void this.#advance(this.#last)
  }

  /** Fetches the invitations that were not raised yet. */
  async catchUp(): Promise<void> {
    const { storage, fetch } = this.#options
    try {
      // Another tab may have raised more than this one.
      const stored = Number(await attempt(() => storage.get(this.#key)))
      for (let after = Math.max(Number.isSafeInteger(stored) ? stored : 0, this.#last ?? 0); !this.#ended; ) {
        const { invitations, last } = await fetch(after)
        for (const invitation of invitations) this.#raise(invitation)
        await this.#advance(last)
        if (last <= after) return
        after = last
      }
    } catch {
      // The next connection fetches them.
    }
  }

  #raise(invitation: Invitation): void {
    const { invitationId } = invitation
    if (this.#ended || this.#raised.has(invitationId) || invitationId <= (this.#last ?? 0)) return
    this.#raised.add(invitationId)
    this.#options.onInvitation(invitation)
  }

  /** Moves `#last` forward over the invitations after it that were raised already. */
  async #advance(from: number): Promise<void> {
    let last = Math.max(from, this.#last ?? 0)
    while (this.#raised.delete(last + 1)) last++
    if (this.#last === last) return
    this.#last = last
    if (last > 0) await attempt(() => this.#options.storage.set(this.#key, String(last)))
  }

  get #key(): string {
    return `persistent-chat/invitations/${this.#options.user()}`
  }
}
