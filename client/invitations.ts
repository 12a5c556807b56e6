import type { Invitation, Replies } from './requests.ts'
import { attempt, type Storage } from './storage.ts'

export interface InvitationsOptions {
  readonly storage: Storage
  /** The caller's own id. */
  user(): string
  ask(after: number): Promise<Replies['invitations']>
  told(invitation: Invitation): void
}

/** Raises each invitation once, also those from a time without a connection. Each user's are numbered 1, 2, 3 … */
export class Invitations {
  readonly #options: InvitationsOptions
  readonly #told = new Set<number>()
  /** Everything up to here was told. */
  #last: number | undefined
  #over = false

  constructor(options: InvitationsOptions) {
    this.#options = options
  }

  end(): void {
    this.#over = true
  }

  hear(invitation: Invitation): void {
    this.#tell(invitation)
    if (this.#last !== undefined) void this.#advance(this.#last)
  }

  /** Asks for the invitations that were not raised yet. A failure leaves them for the next connection. */
  async catchUp(): Promise<void> {
    const { storage, ask } = this.#options
    try {
      // Another tab may have raised more than this one.
      const kept = Number(await attempt(() => storage.get(this.#key)))
      for (let after = Math.max(Number.isSafeInteger(kept) ? kept : 0, this.#last ?? 0); !this.#over; ) {
        const { invitations, last } = await ask(after)
        for (const invitation of invitations) this.#tell(invitation)
        await this.#advance(last)
        if (last <= after) return
        after = last
      }
    } catch {
      return
    }
  }

  #tell(invitation: Invitation): void {
    const { invitationId } = invitation
    if (this.#over || this.#told.has(invitationId) || invitationId <= (this.#last ?? 0)) return
    this.#told.add(invitationId)
    this.#options.told(invitation)
  }

  /** Moves the last number on over the invitations behind it that were raised already. */
  async #advance(from: number): Promise<void> {
    let last = Math.max(from, this.#last ?? 0)
    while (this.#told.delete(last + 1)) last++
    if (this.#last === last) return
    this.#last = last
    if (last > 0) await attempt(() => this.#options.storage.set(this.#key, String(last)))
  }

  get #key(): string {
    return `persistent-chat/invitations/${this.#options.user()}`
  }
}
