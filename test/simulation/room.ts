import type { RateLimits } from '../../lambdas/domain/budget/room-rate.ts'
import type { Clock, Random } from '../../lambdas/domain/clock.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { type AppendResult, append, type MessageDraft } from '../../lambdas/domain/log/append.ts'
import type { AppendLog } from '../../lambdas/domain/log/log.ts'
import { Author } from './author.ts'
import { Chance } from './chance.ts'
import { Counts } from './counts.ts'
import type { FaultPlan } from './faults.ts'
import { type Guarantee, History } from './history.ts'
import { Invocation } from './invocation.ts'
import { RoomTable } from './room-table.ts'
import type { ClientFault, Reply, Setup } from './setup.ts'
import { VirtualTime } from './virtual-time.ts'
import { StoreFailure, Wire } from './wire.ts'

const READERS = 2
/** Older than any attempt that may still be pending. */
const YOUNGEST_PURGED_MS = 40_000
const OPENED_AT = 1_700_000_000_000

/** One call of the append, as an invocation makes it. */
export interface Call {
  room: Room
  log: AppendLog
  wire: Wire
  clock: Clock & Random
  draft: MessageDraft
  attempt: number
  admitted: () => Promise<void>
  allowance: RateLimits | undefined
}

type Appended = Pick<AppendResult<void>, 'entry' | 'duplicate'>

/** A mistake that is made on purpose. */
export interface PlantedFault extends ClientFault {
  name: string
  breaks: Guarantee
  append?: (call: Call) => Promise<Appended>
  /** Retention deletes first and raises the floor afterwards. */
  movesFloorLast?: boolean
  /** The newest entry of the table expires from time to time. */
  expiresHead?: boolean
}

/** A room in virtual time: authors, readers, and all parts between them and the table. */
export class Room implements Setup {
  readonly time = new VirtualTime()
  readonly table = new RoomTable(OPENED_AT)
  readonly history = new History()
  readonly counts = new Counts()
  readonly plan: FaultPlan
  readonly chance: Chance
  readonly fault: PlantedFault | undefined
  readonly trace: string[] | undefined
  failure: unknown
  #token = 0
  #activeAuthors = 0

  constructor(plan: FaultPlan, fault?: PlantedFault, trace?: string[]) {
    this.plan = plan
    this.chance = new Chance(plan.seed ^ 0x5bd1e995)
    this.fault = fault
    // With clock skew the time between two entries differs from the time that passed.
    if (plan.skewMs === 0) this.history.rates = plan.rates
    this.trace = trace
    for (let nr = 1; nr <= this.plan.authors; nr++) this.#start(this.#write(`a${nr}`))
    for (let nr = 1; nr <= READERS; nr++) this.#start(this.#follow())
    if (plan.keeps > 0) this.#start(this.#retain())
    if (fault?.expiresHead) this.#start(this.#expire())
  }

  nextToken(): number {
    return ++this.#token
  }

  note(line: () => string): void {
    this.trace?.push(`${this.time.now.toFixed(1)} ${line()}`)
  }

  /** Sends a draft to a new invocation. Resolves with its reply, or with `silence` after the client's timeout. */
  ask(draft: MessageDraft, attempt: number): Promise<Reply> {
    const { time, chance, plan, counts } = this
    return new Promise((resolve) => {
      time.after(plan.clientTimeoutMs, () => resolve({ kind: 'silence' }))
      if (chance.hits(plan.lostFrame)) return counts.count('lost send')
      const isSlow = chance.hits(plan.slowStart)
      if (isSlow) counts.count('slow start')
      const asSent = { ...draft }
      time.after(isSlow ? chance.between(0, 6000) : chance.between(2, 20), () => {
        this.#start(
          this.#invoke(asSent, attempt, (reply) => {
            if (chance.hits(plan.lostFrame)) return counts.count('lost acknowledgement')
            time.after(chance.between(2, 20), () => {
              // An acknowledgement after the author's timeout is binding too.
              if (reply.kind === 'stored') this.history.acknowledged(draft.body.text, reply.seq)
              resolve(reply)
            })
          }),
        )
      })
    })
  }

  async #invoke(draft: MessageDraft, attempt: number, answer: (reply: Reply) => void): Promise<void> {
    this.counts.count('attempt')
    const invocation = new Invocation(this)
    const wire = new Wire(this, invocation)
    const isRefused = this.chance.hits(this.plan.refusal)
    const admitted = async () => {
      await wire.call(() => undefined)
      if (isRefused) {
        this.counts.count('admission refused')
        throw new Refusal('not_joined', 'The session has ended.')
      }
      invocation.isAdmitted = true
    }
    const { rates } = this.plan
    const allowance = rates && { rates }
    const call: Call = { room: this, log: wire, wire, clock: invocation, draft, attempt, admitted, allowance }
    const reply = await this.#append(call, invocation)
    if (invocation.isRunning()) answer(reply)
  }

  async #append(call: Call, invocation: Invocation): Promise<Reply> {
    const { log, clock, draft, admitted, allowance } = call
    try {
      const appended = await (this.fault?.append?.(call) ??
        append(log, clock, 'room', draft, { admit: admitted, limits: allowance }))
      this.#countOutcome(appended, invocation)
      return { kind: 'stored', seq: appended.entry.seq }
    } catch (error) {
      if (error instanceof Refusal) {
        if (error.code === 'unavailable') this.counts.count('unavailable')
        if (error.code === 'rate_limited') this.counts.count('rate limited')
        const { code, retryAfterMs, details } = error
        return { kind: 'refused', code, retryAfterMs, details }
      }
      if (!(error instanceof StoreFailure)) {
        this.counts.count('alarm')
        // A gap may appear only with stale reads.
        if (this.plan.stale === 0) this.history.violate('no alarm', String(error))
      }
      return { kind: 'failed' }
    }
  }

  #countOutcome({ duplicate }: Appended, invocation: Invocation): void {
    if (!duplicate && invocation.puts > 1) this.counts.count('stored after a loss')
    if (!duplicate) return
    if (invocation.lastCall === 'put') this.counts.count('duplicate by a lost put')
    else this.counts.count(invocation.puts > 0 ? 'duplicate by catching up' : 'duplicate by scan')
  }

  async #write(user: string): Promise<void> {
    this.#activeAuthors++
    await new Author(this, user).sendAll()
    this.#activeAuthors--
  }

  /** Retention raises the floor first and then deletes below it, in any order. */
  async #retain(): Promise<void> {
    while (this.#activeAuthors > 0) {
      await this.time.sleep(this.chance.between(1000, 10_000))
      const { table } = this
      const { floor } = table
      const aged = table.headAsOf(this.time.now - YOUNGEST_PURGED_MS)
      const next = Math.min(aged, table.head - this.plan.keeps)
      if (next <= floor) continue
      const isLate = this.fault?.movesFloorLast
      this.time.after(isLate ? 3000 : 0, () => {
        table.floor = next
      })
      for (let seq = floor; seq < next; seq++) {
        this.counts.count('purge')
        this.time.after(this.chance.between(0, 3000), () => table.purge(seq))
      }
      await this.time.sleep(3000)
    }
  }

  async #expire(): Promise<void> {
    while (this.#activeAuthors > 0) {
      await this.time.sleep(5000)
      this.table.expireHead()
    }
  }

  /** A reader that knows only the last position it read. */
  async #follow(): Promise<void> {
    const reader = this.history.reader()
    let seen = 0
    for (let rest = 2; rest > 0; ) {
      await this.time.sleep(this.chance.between(50, 2000))
      if (this.#activeAuthors === 0) rest--
      const entries = this.table.read(seen + 1, 500)
      reader.read(entries)
      seen = entries.at(-1)?.seq ?? seen
    }
  }

  #start(activity: Promise<void>): void {
    activity.catch((error: unknown) => {
      this.failure ??= error
    })
  }
}
