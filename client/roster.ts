import {
  type Attendance,
  mostAnnounced,
  nobodyYet,
  type Participant,
  type Presence,
  type Shift,
  syncDiff,
  syncState,
} from './roster-state.ts'

type Listing = Parameters<typeof syncState>[1]

/** Who is in one room, kept current. */
export class Roster {
  #presence: Presence = nobodyYet
  #asking = false
  readonly #told: (attendance: Attendance) => void
  readonly #ask: () => Promise<Participant[]>

  /** `ask` brings the whole list, for when the news alone does not tell it any more. */
  constructor(told: (attendance: Attendance) => void, ask: () => Promise<Participant[]>) {
    this.#told = told
    this.#ask = ask
  }

  /** Nothing while only the number is known, as in a crowded room. */
  get participants(): Participant[] | undefined {
    const { participants } = this.#presence
    return participants && [...participants.values()]
  }

  get count(): number {
    return this.#presence.count
  }

  /** Only the number is known, or as many as are ever announced: whoever made the room a crowd was not. */
  get crowded(): boolean {
    const { participants, count } = this.#presence
    return !participants || count >= mostAnnounced
  }

  list(listing: Listing): void {
    this.#shift(syncState(this.#presence, listing))
  }

  hear(attendance: Attendance): void {
    this.#shift(syncDiff(this.#presence, attendance))
  }

  #shift({ presence, changes, stale }: Shift): void {
    this.#presence = presence
    for (const change of changes) this.#told(change)
    if (stale) void this.#refresh()
  }

  /** Without an answer the list stays as it is until the next news. */
  async #refresh(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      this.list({ participants: await this.#ask() })
    } catch {
      return
    } finally {
      this.#asking = false
    }
  }
}
