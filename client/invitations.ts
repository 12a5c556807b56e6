import type { Invitation, Replies } from './requests.ts'
import { attempt, type Storage } from './storage.ts'

export interface InvitationsOptions {
  readonly storage: Storage
  /** The caller's own id. */
  user(): string
  ask(after: number): Promise<Replies['invitations']>
  told(invitation: Invitation): void
}

/** Tells each invitation once, those of the time in between included. Their numbers are 1, 2, 3 … for each user. */
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

  /** Asks for those that nobody told. A failure leaves them for the next connection. */
  async catchUp(): Promise<void> {
    const { storage, ask } = this.#options
    try {
      // Another tab may have told more than this one.
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

  /** Those right behind a position that were told already need not be asked for again. */
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
