import { backoffMs } from './delays.ts'
import { ChatError } from './errors.ts'
import { GapTimer, type GapTimerOptions } from './gap-timer.ts'
import type { Message } from './message.ts'
import type { HistoryPage } from './requests.ts'
import { type Gap, gapIn, type Sequence, sequenceFrom, take } from './sequence.ts'
import { NoReply } from './socket.ts'

export interface RoomLogOptions extends GapTimerOptions {
  /** A page of the history after a position, oldest first. */
  fetch(after: number): Promise<HistoryPage>
  /** The next entry, in order. */
  applied(message: Message): void
  /** Messages are missing, and the history is asked for them. */
  gap(gap: Gap): void
  /** The log was purged or restored, so the room must be joined anew. */
  resyncNeeded(): void
}

/** What a session counts, for monitoring. */
export interface LogCounts {
  applied: number
  /** Messages that came more than once. */
  dropped: number
  /** Gaps for which the history was asked. */
  gaps: number
}

/** One room's messages, each once and in order, although pushes may be lost, doubled or late. */
export class RoomLog {
  readonly counts: LogCounts = { applied: 0, dropped: 0, gaps: 0 }
  epoch = ''
  readonly #options: RoomLogOptions
  #sequence: Sequence = sequenceFrom(0)
  #head = 0
  #fetching = false
  #ended = false
  #failures = 0
  #gapTimer: GapTimer
  #stopTimer: (() => void) | undefined
  /** The last position before the gap that the timer waits for. */
  #waitingAfter: number | undefined

  constructor(options: RoomLogOptions) {
    this.#options = options
    this.#gapTimer = new GapTimer(options)
  }

  /** The last position that was applied. */
  get last(): number {
    return this.#sequence.last
  }

  /** The newest known position. */
  get head(): number {
    return Math.max(this.#head, this.last)
  }

  /** Starts after a position. */
  start(last: number, epoch: string): void {
    this.stop()
    this.#sequence = sequenceFrom(last)
    this.#gapTimer = new GapTimer(this.#options)
    this.#head = last
    this.epoch = epoch
  }

  take(messages: readonly Message[]): void {
    const { sequence, applied, dropped } = take(this.#sequence, messages)
    this.#sequence = sequence
    this.counts.applied += applied.length
    this.counts.dropped += dropped
    for (const message of applied) this.#options.applied(message)
    this.#gapTimer.noteSeen(Math.max(...messages.map(({ seq }) => seq)), this.last)
    this.#watch()
  }

  /** The server has said that the log ends here: missing messages up to there are fetched at once. */
  noteHead(head: number): void {
    this.#head = Math.max(this.#head, head)
    if (this.last < this.#head) this.#fetchMissing()
  }

  /** No more messages are fetched. */
  end(): void {
    this.#ended = true
    this.stop()
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#waitingAfter = undefined
  }

  /** Messages overtake each other, so a gap may close by itself. The wait starts again when a part of it has closed. */
  #watch(): void {
    const hasMoved = this.#waitingAfter !== undefined && this.#waitingAfter < this.last
    if (!this.#missing()) this.stop()
    else if (!this.#fetching && (!this.#stopTimer || (hasMoved && this.#gapTimer.mayStillArrive()))) {
      this.#fetchLater(this.#gapTimer.wait())
      this.#waitingAfter = this.last
    }
  }

  #missing(): Gap | undefined {
    const { last } = this
    return gapIn(this.#sequence) ?? (last < this.#head ? { after: last, before: this.#head + 1 } : undefined)
  }

  #fetchLater(ms: number): void {
    this.stop()
    this.#stopTimer = this.#options.clock.after(ms, () => {
      this.stop()
      this.#fetchMissing()
    })
  }

  #fetchMissing(): void {
    const gap = this.#missing()
    if (!gap || this.#fetching || this.#ended) return
    this.stop()
    this.counts.gaps++
    this.#options.gap(gap)
    this.#fetching = true
    void this.#fetch().then((next) => {
      this.#fetching = false
      if (this.#ended) return
      if (next === 'done') this.#watch()
      else if (next === 'resync') this.#options.resyncNeeded()
      else if (next !== 'no connection') this.#fetchLater(next)
    })
  }

  /** The result, or the milliseconds until the next try. After 'no connection' the next resume goes on. */
  async #fetch(): Promise<'done' | 'no connection' | 'resync' | number> {
    try {
      for (;;) {
        const { epoch, last } = this
        const page = await this.#options.fetch(last)
        if (this.#ended) return 'done'
        if (page.epoch !== this.epoch) return epoch === this.epoch ? 'resync' : 'done'
        this.#head = Math.max(this.#head, page.head)
        this.take(page.messages)
        if (this.last === last && last < page.head) return this.#retryDelay()
        this.#failures = 0
        if (this.last >= page.head) return 'done'
      }
    } catch (error) {
      if (error instanceof NoReply) return error.reason === 'closed' ? 'no connection' : this.#retryDelay()
      if (error instanceof ChatError && error.retryable) return error.retryAfterMs ?? this.#retryDelay()
      return 'resync'
    }
  }

  #retryDelay(): number {
    return Math.max(this.#gapTimer.wait(), backoffMs(this.#failures++, this.#options.random))
  }
}
