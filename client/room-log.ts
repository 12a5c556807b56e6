import { backoffMs } from './delays.ts'
import { ChatError } from './errors.ts'
import { GapTimer, type GapTimerOptions } from './gap-timer.ts'
import type { Message } from './message.ts'
import type { HistoryPage } from './requests.ts'
import { type Gap, gapIn, type Sequence, sequenceFrom, take } from './sequence.ts'
import { NoReply } from './socket.ts'

export interface RoomLogOptions extends GapTimerOptions {
  /** A page of history after a position, oldest first. */
  read(after: number): Promise<HistoryPage>
  /** The next message there is to show. */
  applied(message: Message): void
  /** The history is asked for what is missing. */
  gap(gap: Gap): void
  /** What is held does not belong to the log any more. */
  lostTrack(): void
}

/** How often each thing happened, for those who watch. */
export interface LogCounts {
  applied: number
  /** Came more than once. */
  dropped: number
  /** Gaps for which the history was asked. */
  gaps: number
}

/** One room's messages, each once and in order, whatever the pushes do. */
export class RoomLog {
  readonly counts: LogCounts = { applied: 0, dropped: 0, gaps: 0 }
  epoch = ''
  readonly #options: RoomLogOptions
  #sequence: Sequence = sequenceFrom(0)
  #head = 0
  #reading = false
  #over = false
  #failures = 0
  #patience: GapTimer
  #stopTimer: (() => void) | undefined
  /** The gap that the timer gives a moment to, by its beginning. */
  #waitingAfter: number | undefined

  constructor(options: RoomLogOptions) {
    this.#options = options
    this.#patience = new GapTimer(options)
  }

  /** The last position that was applied. */
  get last(): number {
    return this.#sequence.last
  }

  /** The newest position that is known of. */
  get head(): number {
    return Math.max(this.#head, this.last)
  }

  /** Everything up to a position counts as held. */
  start(last: number, epoch: string): void {
    this.stop()
    this.#sequence = sequenceFrom(last)
    this.#patience = new GapTimer(this.#options)
    this.#head = last
    this.epoch = epoch
  }

  take(messages: readonly Message[]): void {
    const { sequence, applied, dropped } = take(this.#sequence, messages)
    this.#sequence = sequence
    this.counts.applied += applied.length
    this.counts.dropped += dropped
    for (const message of applied) this.#options.applied(message)
    this.#patience.noteSeen(Math.max(...messages.map(({ seq }) => seq)), this.last)
    this.#watch()
  }

  /** The room is this far: whatever is missing up to there was lost on the way. */
  sawHead(head: number): void {
    this.#head = Math.max(this.#head, head)
    if (this.last < this.#head) this.#readOn()
  }

  /** Nothing is asked for any more. */
  end(): void {
    this.#over = true
    this.stop()
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#waitingAfter = undefined
  }

  /** Messages overtake each other, so a gap gets a moment to close by itself, and another one when it has moved on. */
  #watch(): void {
    const hasMoved = this.#waitingAfter !== undefined && this.#waitingAfter < this.last
    if (!this.#missing()) this.stop()
    else if (!this.#reading && (!this.#stopTimer || (hasMoved && this.#patience.mayStillArrive()))) {
      this.#readLater(this.#patience.wait())
      this.#waitingAfter = this.last
    }
  }

  #missing(): Gap | undefined {
    const { last } = this
    return gapIn(this.#sequence) ?? (last < this.#head ? { after: last, before: this.#head + 1 } : undefined)
  }

  #readLater(ms: number): void {
    this.stop()
    this.#stopTimer = this.#options.clock.after(ms, () => {
      this.stop()
      this.#readOn()
    })
  }

  #readOn(): void {
    const gap = this.#missing()
    if (!gap || this.#reading || this.#over) return
    this.stop()
    this.counts.gaps++
    this.#options.gap(gap)
    this.#reading = true
    void this.#read().then((next) => {
      this.#reading = false
      if (this.#over) return
      if (next === 'read') this.#watch()
      else if (next === 'lost track') this.#options.lostTrack()
      else if (next !== 'no line') this.#readLater(next)
    })
  }

  /** How it went, or after how many milliseconds to try again. Without a line it is for the next resume to go on. */
  async #read(): Promise<'read' | 'no line' | 'lost track' | number> {
    try {
      for (;;) {
        const { epoch, last } = this
        const page = await this.#options.read(last)
        if (this.#over) return 'read'
        if (page.epoch !== this.epoch) return epoch === this.epoch ? 'lost track' : 'read'
        this.#head = Math.max(this.#head, page.head)
        this.take(page.messages)
        if (this.last === last && last < page.head) return this.#wait()
        this.#failures = 0
        if (this.last >= page.head) return 'read'
      }
    } catch (error) {
      if (error instanceof NoReply) return error.reason === 'closed' ? 'no line' : this.#wait()
      if (error instanceof ChatError && error.retryable) return error.retryAfterMs ?? this.#wait()
      return 'lost track'
    }
  }

  #wait(): number {
    return Math.max(this.#patience.wait(), backoffMs(this.#failures++, this.#options.random))
  }
}
