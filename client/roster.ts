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

/** The participants of one room, kept current by lists and events. */
export class Roster {
  #state: RosterState = emptyRoster
  #fetching = false
  readonly #onChange: (event: ParticipantEvent) => void
  readonly #fetch: () => Promise<Participant[]>

  /** `fetch` gets the whole list. It is called when events alone do not give it. */
  constructor(onChange: (event: ParticipantEvent) => void, fetch: () => Promise<Participant[]>) {
    this.#onChange = onChange
    this.#fetch = fetch
  }

  /** Undefined while only the number is known, as in a crowded room. */
  get participants(): Participant[] | undefined {
    const { participants } = this.#state
    return participants && [...participants.values()]
  }

  get count(): number {
    return this.#state.count
  }

  /** True also at the limit: the server does not announce the participants beyond it. */
  get isCrowded(): boolean {
    const { participants, count } = this.#state
    return !participants || count >= maxAnnounced
  }

  replace(listing: Listing): void {
    this.#use(applyList(this.#state, listing))
  }

  apply(event: ParticipantEvent): void {
    this.#use(applyEvent(this.#state, event))
  }

  #use({ state, changes, stale }: RosterChange): void {
    this.#state = state
    for (const change of changes) this.#onChange(change)
    if (stale) void this.#refresh()
  }

  /** Fetches the list. After a failure the next event fetches it. */
  async #refresh(): Promise<void> {
    if (this.#fetching) return
    this.#fetching = true
    try {
      this.replace({ participants: await this.#fetch() })
    } catch {
      return
    } finally {
      this.#fetching = false
    }
  }
}
