import type { MessageDraft } from '../../lambdas/domain/log/append.ts'
import type { Scene } from './setup.ts'

const ATTEMPTS = 12
/** How often somebody bears to be told to wait. */
const REFUSALS = 100
const HISTORY_PAGE = 64

interface Letter {
  draft: MessageDraft
  text: string
  /** What an author does when told to resync: read on from `after`, or let it be. */
  resyncs: boolean
}

/** Somebody with an outbox: sends again, with the same id and `after`, until there is a definite answer. */
export class Author {
  readonly #room: Scene
  readonly #user: string

  constructor(room: Scene, user: string) {
    this.#room = room
    this.#user = user
  }

  async converse(): Promise<void> {
    const { chance, weather, time } = this.#room
    const isEager = chance.hits(weather.eager)
    const underWay: Promise<void>[] = []
    for (let nr = 1; nr <= weather.messagesEach; nr++) {
      await time.sleep(-Math.log(1 - chance.draw()) * weather.pauseMs)
      const sending = this.#send(this.#write(nr))
      if (isEager) underWay.push(sending)
      else await sending
    }
    await Promise.all(underWay)
  }

  #write(nr: number): Letter {
    const { chance, table, weather } = this.#room
    const text = `${this.#user}#${nr}`
    const bare: MessageDraft = { author: { user: this.#user, name: this.#user }, body: { text } }
    const kind = chance.draw()
    if (kind < 0.03) return { text, draft: bare, resyncs: false }
    const known = this.#known()
    if (kind < 0.04) return { text, draft: { ...bare, ifHead: known }, resyncs: false }
    // Ids are of one author: others count the same way.
    const clientMessageId = `m${nr}`
    if (kind < 0.05) {
      return { text, draft: { ...bare, clientMessageId, after: known, ifHead: known }, resyncs: false }
    }
    if (kind < 0.055) {
      return { text, draft: { ...bare, clientMessageId, after: table.head + chance.whole(1, 3) }, resyncs: false }
    }
    const after = chance.hits(weather.behind) ? Math.max(0, table.head - chance.whole(180, 205)) : known
    return { text, draft: { ...bare, clientMessageId, after }, resyncs: true }
  }

  /** Where the author believes the log to be: what others just said has not come yet. */
  #known(): number {
    const { chance, table, time } = this.#room
    return table.headAsOf(time.now - chance.between(0, 400))
  }

  async #send(letter: Letter): Promise<void> {
    const { history, tally, chance, time, fault } = this.#room
    const { text, draft } = letter
    history.sent(text, this.#user, draft.clientMessageId)
    tally.count('message')
    let [refusals, undecided] = [0, false]
    for (let attempt = 1; attempt <= ATTEMPTS + refusals; attempt++) {
      if (attempt > 1) tally.count('client retry')
      const reply = await this.#room.ask(draft, attempt)
      this.#room.note(() => `${text} after ${draft.after}, attempt ${attempt}: ${JSON.stringify(reply)}`)
      if (reply.kind === 'stored') return this.#acknowledge(letter, reply.seq)
      if (reply.kind === 'refused' && reply.code === 'conflict') return this.#beaten(letter, reply.details?.head)
      if (reply.kind === 'refused' && reply.code === 'rate_limited') {
        if (++refusals > REFUSALS) break
        await time.sleep(reply.retryAfterMs ?? 500)
        // Nothing of a message stands anywhere that was refused at every try.
        if (!undecided && draft.after !== undefined) draft.after = Math.max(draft.after, this.#known())
        continue
      }
      if (reply.kind === 'refused' && reply.code === 'resync_required') {
        tally.count('resync required')
        if (!letter.resyncs || (await this.#resync(letter))) return
        continue
      }
      if (draft.clientMessageId === undefined) break
      undecided = true
      await time.sleep(reply.kind === 'refused' ? (reply.retryAfterMs ?? 500) : chance.between(0, 200 * attempt))
      if (fault?.movesAfter && draft.after !== undefined) draft.after = this.#room.table.head
    }
    tally.count('given up')
  }

  #acknowledge({ text, draft }: Letter, seq: number): void {
    const { history, tally } = this.#room
    tally.count('acknowledged')
    if (draft.ifHead === undefined) return
    tally.count('stored on a condition')
    if (seq !== draft.ifHead + 1) history.violate('condition', `${text} stands at ${seq}, not behind ${draft.ifHead}`)
  }

  #beaten({ text, draft }: Letter, head: number | undefined): void {
    const { history, tally, weather } = this.#room
    tally.count('conflict')
    if (weather.stale > 0) return
    history.refused(text)
    if (head === undefined || draft.ifHead === undefined || head <= draft.ifHead) {
      history.violate('condition', `${text} was refused at ${head}, wanting ${draft.ifHead}`)
    }
  }

  /** Reads on from `after` up to the head, and only then chooses a later one. */
  async #resync({ text, draft }: Letter): Promise<boolean> {
    const { table, time, chance, tally, fault } = this.#room
    if (fault?.resyncsBlindly) draft.after = table.head
    for (;;) {
      await time.sleep(chance.between(2, 30))
      const from = (draft.after ?? 0) + 1
      const page = table.read(from, HISTORY_PAGE)
      if (from < table.floor) {
        // Nobody can tell any more whether the message stands in what is gone.
        tally.count('resync behind the floor')
        return true
      }
      const own = page.find(
        (entry) => entry.from?.user === this.#user && entry.clientMessageId === draft.clientMessageId,
      )
      if (own) {
        tally.count('resync found own message')
        this.#room.history.acknowledged(text, own.seq)
        tally.count('acknowledged')
        return true
      }
      draft.after = page.at(-1)?.seq ?? draft.after ?? 0
      if (page.length < HISTORY_PAGE) return false
    }
  }
}
