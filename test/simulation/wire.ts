import type { Entry, MessageBody } from '../../lambdas/domain/log/entry.ts'
import type { AppendLog } from '../../lambdas/domain/log/log.ts'
import type { Fault } from './counts.ts'
import type { Invocation } from './invocation.ts'
import type { Setup } from './setup.ts'

const TRIES = 3
const REQUEST_TIMEOUT_MS = 1000
const NOW = Number.POSITIVE_INFINITY

export class StoreFailure extends Error {}

/** The connection of one invocation to the store: it loses, delays and refuses requests, and repeats them as an SDK does. */
export class Wire implements AppendLog {
  /** Whether the store recognises a repeated put by its token. */
  recognisesResend = true
  readonly #room: Setup
  readonly #invocation: Invocation

  constructor(room: Setup, invocation: Invocation) {
    this.#room = room
    this.#invocation = invocation
  }

  async read(_roomId: string, from: number, limit: number): Promise<Entry[]> {
    const entries = await this.call(() => this.#readNow(from, limit))
    this.#room.counts.count('entry read', entries.length)
    this.#invocation.lastCall = 'read'
    return entries
  }

  async head(): Promise<Entry | undefined> {
    const { table } = this.#room
    const [entry] = await this.call(() => table.read(table.headAsOf(this.#asOf()), 1))
    this.#invocation.lastCall = 'read'
    return entry
  }

  async put(_roomId: string, entry: Entry): Promise<'stored' | Entry> {
    const { table, time, counts, history } = this.#room
    const token = this.#room.nextToken()
    this.#invocation.puts++
    counts.count('put')
    if (!this.#invocation.isAdmitted) history.violate('admission', `${entry.body?.text} was put before it was admitted`)
    const answer = await this.call(() => {
      const outcome = table.putIfFree(entry, token, time.now)
      this.#room.note(() => `put ${entry.seq} ${entry.body?.text}: ${typeof outcome === 'string' ? outcome : 'taken'}`)
      if (outcome !== 'resent') return outcome
      if (!this.recognisesResend) return entry
      counts.count('own resend recognised')
      return 'stored'
    }, true)
    this.#invocation.lastCall = 'put'
    return answer
  }

  async floor(): Promise<number> {
    return this.call(() => this.#room.table.floor)
  }

  digest(body: MessageBody): string {
    return body.text
  }

  /** One request with its resends. A lost request has no effect, a lost response has. */
  call<T>(operate: () => T, isPut = false): Promise<T> {
    const { time, chance, plan, counts } = this.#room
    const invocation = this.#invocation
    return new Promise((resolve, reject) => {
      let tries = 0
      const retry = () => {
        if (!invocation.isRunning()) return
        if (tries === TRIES) reject(new StoreFailure('The store did not answer.'))
        else time.after(chance.between(0, 50 * tries), send)
      }
      const answer = (value: T) => {
        if (invocation.isRunning()) resolve(value)
      }
      const send = () => {
        tries++
        const oneWayMs = this.#latency()
        if (!chance.hits(plan.trouble)) {
          time.after(oneWayMs, () => {
            const value = operate()
            time.after(oneWayMs, () => answer(value))
          })
          return
        }
        const fault = chance.pick<Fault>([
          'lost request',
          'lost response',
          'error before',
          'error after',
          'throttle',
          isPut ? 'late put' : 'lost response',
        ])
        counts.count(fault)
        if (fault === 'lost response' || fault === 'error after') time.after(oneWayMs, operate)
        if (fault === 'late put') time.after(chance.between(1000, 8000), operate)
        const isSilent = fault === 'lost request' || fault === 'lost response' || fault === 'late put'
        time.after(isSilent ? REQUEST_TIMEOUT_MS : 2 * oneWayMs, retry)
      }
      if (invocation.isRunning()) send()
    })
  }

  #latency(): number {
    const { chance } = this.#room
    return chance.hits(0.01) ? chance.between(5, 100) : chance.between(1, 3)
  }

  #readNow(from: number, limit: number): Entry[] {
    const { table, chance } = this.#room
    const asOf = this.#asOf()
    const entries = table.read(from, limit, asOf)
    if (asOf !== NOW && chance.hits(0.05)) entries.splice(chance.whole(0, entries.length), 1)
    return entries
  }

  /** The time of the state that a read sees. */
  #asOf(): number {
    const { chance, plan, counts, time } = this.#room
    if (plan.stale === 0 || !chance.hits(plan.stale)) return NOW
    counts.count('stale read')
    return time.now - chance.between(0, 500)
  }
}
