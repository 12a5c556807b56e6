import type { RateLimits } from '../../lambdas/domain/budget/room-rate.ts'
import type { Clock, Random } from '../../lambdas/domain/clock.ts'
import { Refusal } from '../../lambdas/domain/errors.ts'
import { type AppendResult, append, type MessageDraft } from '../../lambdas/domain/log/append.ts'
import type { AppendLog } from '../../lambdas/domain/log/log.ts'
import { Author } from './author.ts'
import { Chance } from './chance.ts'
import { Tally } from './counts.ts'
import type { Weather } from './faults.ts'
import { type Guarantee, History } from './history.ts'
import { Invocation } from './invocation.ts'
import { RoomTable } from './room-table.ts'
import type { Misconduct, Reply, Scene } from './setup.ts'
import { VirtualTime } from './virtual-time.ts'
import { StoreFailure, Wire } from './wire.ts'

const READERS = 2
/** Older than any attempt that may still be under way. */
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

/** Something done wrong on purpose. */
export interface PlantedFault extends Misconduct {
  name: string
  breaks: Guarantee
  append?: (call: Call) => Promise<Appended>
  /** Retention that moves the floor up when it has deleted, not before. */
  movesFloorLast?: boolean
  /** A table whose newest entry expires now and then. */
  expiresHead?: boolean
}

/** A room in virtual time: authors who write, readers who follow, and everything between them and the table. */
export class Room implements Scene {
  readonly time = new VirtualTime()
  readonly table = new RoomTable(OPENED_AT)
  readonly history = new History()
  readonly tally = new Tally()
  readonly weather: Weather
  readonly chance: Chance
  readonly fault: PlantedFault | undefined
  readonly trace: string[] | undefined
  failure: unknown
  #token = 0
  #talking = 0

  constructor(weather: Weather, fault?: PlantedFault, trace?: string[]) {
    this.weather = weather
    this.chance = new Chance(weather.seed ^ 0x5bd1e995)
    this.fault = fault
    // Where clocks disagree, the time between two entries is not the time that passed.
    if (weather.skewMs === 0) this.history.rates = weather.rates
    this.trace = trace
    for (let nr = 1; nr <= this.weather.authors; nr++) this.#begin(this.#converse(`a${nr}`))
    for (let nr = 1; nr <= READERS; nr++) this.#begin(this.#follow())
    if (weather.keeps > 0) this.#begin(this.#retain())
    if (fault?.expiresHead) this.#begin(this.#expire())
  }

  nextToken(): number {
    return ++this.#token
  }

  note(line: () => string): void {
    this.trace?.push(`${this.time.now.toFixed(1)} ${line()}`)
  }

  /** Sends a draft through the gateway to a fresh invocation. Whichever comes first answers: a reply or impatience. */
  ask(draft: MessageDraft, attempt: number): Promise<Reply> {
    const { time, chance, weather, tally } = this
    return new Promise((resolve) => {
      time.after(weather.clientPatienceMs, () => resolve({ kind: 'silence' }))
      if (chance.hits(weather.lostFrame)) return tally.count('lost send')
      const isSlow = chance.hits(weather.slowStart)
      if (isSlow) tally.count('slow start')
      const asSent = { ...draft }
      time.after(isSlow ? chance.between(0, 6000) : chance.between(2, 20), () => {
        this.#begin(
          this.#invoke(asSent, attempt, (reply) => {
            if (chance.hits(weather.lostFrame)) return tally.count('lost acknowledgement')
            time.after(chance.between(2, 20), () => {
              // An acknowledgement that comes too late for its author is a promise nevertheless.
              if (reply.kind === 'stored') this.history.acknowledged(draft.body.text, reply.seq)
              resolve(reply)
            })
          }),
        )
      })
    })
  }

  async #invoke(draft: MessageDraft, attempt: number, answer: (reply: Reply) => void): Promise<void> {
    this.tally.count('attempt')
    const invocation = new Invocation(this)
    const wire = new Wire(this, invocation)
    const isRefused = this.chance.hits(this.weather.refusal)
    const admitted = async () => {
      await wire.call(() => undefined)
      if (isRefused) {
        this.tally.count('admission refused')
        throw new Refusal('not_joined', 'Not any more.')
      }
      invocation.isAdmitted = true
    }
    const { rates } = this.weather
    const allowance = rates && { rates }
    const call: Call = { room: this, log: wire, wire, clock: invocation, draft, attempt, admitted, allowance }
    const reply = await this.#append(call, invocation)
    if (invocation.lives()) answer(reply)
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
        if (error.code === 'unavailable') this.tally.count('unavailable')
        if (error.code === 'rate_limited') this.tally.count('rate limited')
        const { code, retryAfterMs, details } = error
        return { kind: 'refused', code, retryAfterMs, details }
      }
      if (!(error instanceof StoreFailure)) {
        this.tally.count('alarm')
        // Only a store that reads inconsistently may show a hole where there is none.
        if (this.weather.stale === 0) this.history.violate('no alarm', String(error))
      }
      return { kind: 'failed' }
    }
  }

  #countOutcome({ duplicate }: Appended, invocation: Invocation): void {
    if (!duplicate && invocation.puts > 1) this.tally.count('stored after a loss')
    if (!duplicate) return
    if (invocation.lastCall === 'put') this.tally.count('duplicate by what stood there')
    else this.tally.count(invocation.puts > 0 ? 'duplicate by catching up' : 'duplicate by scan')
  }

  async #converse(user: string): Promise<void> {
    this.#talking++
    await new Author(this, user).converse()
    this.#talking--
  }

  /** Retention moves the floor up first and deletes below it afterwards, in any order. */
  async #retain(): Promise<void> {
    while (this.#talking > 0) {
      await this.time.sleep(this.chance.between(1000, 10_000))
      const { table } = this
      const { floor } = table
      const aged = table.headAsOf(this.time.now - YOUNGEST_PURGED_MS)
      const next = Math.min(aged, table.head - this.weather.keeps)
      if (next <= floor) continue
      const isLate = this.fault?.movesFloorLast
      this.time.after(isLate ? 3000 : 0, () => {
        table.floor = next
      })
      for (let seq = floor; seq < next; seq++) {
        this.tally.count('purge')
        this.time.after(this.chance.between(0, 3000), () => table.purge(seq))
      }
      await this.time.sleep(3000)
    }
  }

  async #expire(): Promise<void> {
    while (this.#talking > 0) {
      await this.time.sleep(5000)
      this.table.expireHead()
    }
  }

  /** A reader who knows nothing but the position read last. */
  async #follow(): Promise<void> {
    const reader = this.history.reader()
    let seen = 0
    for (let rest = 2; rest > 0; ) {
      await this.time.sleep(this.chance.between(50, 2000))
      if (this.#talking === 0) rest--
      const entries = this.table.read(seen + 1, 500)
      reader.read(entries)
      seen = entries.at(-1)?.seq ?? seen
    }
  }

  #begin(activity: Promise<void>): void {
    activity.catch((error: unknown) => {
      this.failure ??= error
    })
  }
}
