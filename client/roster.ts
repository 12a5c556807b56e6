import {
  applyEvent,
  applyList,
  emptyRoster,
  maxAnnounced,
  type Participant,
  type ParticipantEvent,
  type RosterChange,
  type RosterState,
} from './roster-state.ts'

type Listing = Parameters<typeof applyList>[1]

/** Who is in one room, kept current. */
export class Roster {
  #presence: RosterState = emptyRoster
  #asking = false
  readonly #told: (attendance: ParticipantEvent) => void
  readonly #ask: () => Promise<Participant[]>

  /** `ask` brings the whole list, for when the news alone does not tell it any more. */
  constructor(told: (attendance: ParticipantEvent) => void, ask: () => Promise<Participant[]>) {
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
    return !participants || count >= maxAnnounced
  }

  replace(listing: Listing): void {
    this.#shift(applyList(this.#presence, listing))
  }

  apply(attendance: ParticipantEvent): void {
    this.#shift(applyEvent(this.#presence, attendance))
  }

  #shift({ presence, changes, stale }: RosterChange): void {
    this.#presence = presence
    for (const change of changes) this.#told(change)
    if (stale) void this.#refresh()
  }

  /** Without an answer the list stays as it is until the next news. */
  async #refresh(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      this.replace({ participants: await this.#ask() })
    } catch {
      return
    } finally {
      this.#asking = false
    }
  }
}
