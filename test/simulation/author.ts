import type { MessageDraft } from '../../lambdas/domain/log/append.ts'
import type { Setup } from './setup.ts'

const ATTEMPTS = 12
/** An author gives up after this many `rate_limited` replies. */
const REFUSALS = 100
const HISTORY_PAGE = 64

interface OutgoingMessage {
  draft: MessageDraft
  text: string
  /** Whether the author answers `resync_required` by reading on from `after`; otherwise the message is given up. */
  resyncs: boolean
}

/** An author with an outbox: repeats a message, with the same id and `after`, until the reply is definite. */
export class Author {
  readonly #room: Setup
  readonly #user: string

  constructor(room: Setup, user: string) {
    this.#room = room
    this.#user = user
  }

  async sendAll(): Promise<void> {
    const { chance, plan, time } = this.#room
    const isEager = chance.hits(plan.eager)
    const pending: Promise<void>[] = []
    for (let nr = 1; nr <= plan.messagesEach; nr++) {
      await time.sleep(-Math.log(1 - chance.draw()) * plan.pauseMs)
      const sending = this.#send(this.#write(nr))
      if (isEager) pending.push(sending)
      else await sending
    }
    await Promise.all(pending)
  }

  #write(nr: number): OutgoingMessage {
    const { chance, table, plan } = this.#room
    const text = `${this.#user}#${nr}`
    const bare: MessageDraft = { author: { user: this.#user, name: this.#user }, body: { text } }
    const kind = chance.draw()
    if (kind < 0.03) return { text, draft: bare, resyncs: false }
    const known = this.#known()
    if (kind < 0.04) return { text, draft: { ...bare, ifHead: known }, resyncs: false }
    // An id belongs to one author; other authors use the same ids.
    const clientMessageId = `m${nr}`
    if (kind < 0.05) {
      return { text, draft: { ...bare, clientMessageId, after: known, ifHead: known }, resyncs: false }
    }
    if (kind < 0.055) {
      return { text, draft: { ...bare, clientMessageId, after: table.head + chance.whole(1, 3) }, resyncs: false }
    }
    const after = chance.hits(plan.behind) ? Math.max(0, table.head - chance.whole(180, 205)) : known
    return { text, draft: { ...bare, clientMessageId, after }, resyncs: true }
  }

  /** The head as the author knows it, without the newest messages of others. */
  #known(): number {
    const { chance, table, time } = this.#room
    return table.headAsOf(time.now - chance.between(0, 400))
  }

  async #send(message: OutgoingMessage): Promise<void> {
    const { history, counts, chance, time, fault } = this.#room
    const { text, draft } = message
    history.sent(text, this.#user, draft.clientMessageId)
    counts.count('message')
    let [refusals, undecided] = [0, false]
    for (let attempt = 1; attempt <= ATTEMPTS + refusals; attempt++) {
      if (attempt > 1) counts.count('client retry')
      const reply = await this.#room.ask(draft, attempt)
      this.#room.note(() => `${text} after ${draft.after}, attempt ${attempt}: ${JSON.stringify(reply)}`)
      if (reply.kind === 'stored') return this.#acknowledge(message, reply.seq)
      if (reply.kind === 'refused' && reply.code === 'conflict') return this.#conflict(message, reply.details?.head)
      if (reply.kind === 'refused' && reply.code === 'rate_limited') {
        if (++refusals > REFUSALS) break
        await time.sleep(reply.retryAfterMs ?? 500)
        // A message that was refused at each attempt is not in the log.
        if (!undecided && draft.after !== undefined) draft.after = Math.max(draft.after, this.#known())
        continue
      }
      if (reply.kind === 'refused' && reply.code === 'resync_required') {
        counts.count('resync required')
        if (!message.resyncs || (await this.#resync(message))) return
        continue
      }
      if (draft.clientMessageId === undefined) break
      undecided = true
      await time.sleep(reply.kind === 'refused' ? (reply.retryAfterMs ?? 500) : chance.between(0, 200 * attempt))
      if (fault?.movesAfter && draft.after !== undefined) draft.after = this.#room.table.head
    }
    counts.count('given up')
  }

  #acknowledge({ text, draft }: OutgoingMessage, seq: number): void {
    const { history, counts } = this.#room
    counts.count('acknowledged')
    if (draft.ifHead === undefined) return
    counts.count('stored on a condition')
    if (seq !== draft.ifHead + 1) history.violate('condition', `${text} is at ${seq}, not after ${draft.ifHead}`)
  }

  #conflict({ text, draft }: OutgoingMessage, head: number | undefined): void {
    const { history, counts, plan } = this.#room
    counts.count('conflict')
    if (plan.stale > 0) return
    history.refused(text)
    if (head === undefined || draft.ifHead === undefined || head <= draft.ifHead) {
      history.violate('condition', `${text} was refused at head ${head}, with the condition ${draft.ifHead}`)
    }
  }

  /** Reads from `after` up to the head before it chooses a later `after`; true when the message needs no further attempt. */
  async #resync({ text, draft }: OutgoingMessage): Promise<boolean> {
    const { table, time, chance, counts, fault } = this.#room
    if (fault?.resyncsBlindly) draft.after = table.head
    for (;;) {
      await time.sleep(chance.between(2, 30))
      const from = (draft.after ?? 0) + 1
      const page = table.read(from, HISTORY_PAGE)
      if (from < table.floor) {
        // The message may be among the purged entries.
        counts.count('resync below the floor')
        return true
      }
      const own = page.find(
        (entry) => entry.from?.user === this.#user && entry.clientMessageId === draft.clientMessageId,
      )
      if (own) {
        counts.count('resync found own message')
        this.#room.history.acknowledged(text, own.seq)
        counts.count('acknowledged')
        return true
      }
      draft.after = page.at(-1)?.seq ?? draft.after ?? 0
      if (page.length < HISTORY_PAGE) return false
    }
  }
}
