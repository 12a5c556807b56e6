import type { Entry, MessageBody } from '../../lambdas/domain/log/entry.ts'
import type { AppendLog } from '../../lambdas/domain/log/log.ts'
import type { Fault } from './counts.ts'
import type { Invocation } from './invocation.ts'
import type { Scene } from './setup.ts'

const TRIES = 3
const REQUEST_TIMEOUT_MS = 1000
const NOW = Number.POSITIVE_INFINITY

export class StoreFailure extends Error {}

/** The way from one invocation to the store and back: it loses, repeats, delays and refuses, and sends again as an SDK does. */
export class Wire implements AppendLog {
  /** Whether a put is told apart from an equal one, as the store must. */
  recognisesResend = true
  readonly #room: Scene
  readonly #invocation: Invocation

  constructor(room: Scene, invocation: Invocation) {
    this.#room = room
    this.#invocation = invocation
  }

  async read(_roomId: string, from: number, limit: number): Promise<Entry[]> {
    const entries = await this.call(() => this.#readNow(from, limit))
    this.#room.tally.count('entry read', entries.length)
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
    const { table, time, tally, history } = this.#room
    const token = this.#room.nextToken()
    this.#invocation.puts++
    tally.count('put')
    if (!this.#invocation.isAdmitted) history.violate('admission', `${entry.body?.text} was put before it was admitted`)
    const answer = await this.call(() => {
      const outcome = table.putIfFree(entry, token, time.now)
      this.#room.note(() => `put ${entry.seq} ${entry.body?.text}: ${typeof outcome === 'string' ? outcome : 'taken'}`)
      if (outcome !== 'resent') return outcome
      if (!this.recognisesResend) return entry
      tally.count('own resend recognised')
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

  /** One request with its resends. A lost request never arrives, a lost response leaves its effect behind. */
  call<T>(operate: () => T, isPut = false): Promise<T> {
    const { time, chance, weather, tally } = this.#room
    const invocation = this.#invocation
    return new Promise((resolve, reject) => {
      let tries = 0
      const again = () => {
        if (!invocation.lives()) return
        if (tries === TRIES) reject(new StoreFailure('The store did not answer.'))
        else time.after(chance.between(0, 50 * tries), send)
      }
      const answer = (value: T) => {
        if (invocation.lives()) resolve(value)
      }
      const send = () => {
        tries++
        const way = this.#latency()
        if (!chance.hits(weather.trouble)) {
          time.after(way, () => {
            const value = operate()
            time.after(way, () => answer(value))
          })
          return
        }
        const fault = chance.pick<Fault>([
          'lost request',
          'lost response',
          'error before',
          'error after',
          'throttle',
          isPut ? 'zombie put' : 'lost response',
        ])
        tally.count(fault)
        if (fault === 'lost response' || fault === 'error after') time.after(way, operate)
        if (fault === 'zombie put') time.after(chance.between(1000, 8000), operate)
        const isSilent = fault === 'lost request' || fault === 'lost response' || fault === 'zombie put'
        time.after(isSilent ? REQUEST_TIMEOUT_MS : 2 * way, again)
      }
      if (invocation.lives()) send()
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

  /** How old the state is that a read shows. */
  #asOf(): number {
    const { chance, weather, tally, time } = this.#room
    if (weather.stale === 0 || !chance.hits(weather.stale)) return NOW
    tally.count('stale read')
    return time.now - chance.between(0, 500)
  }
}
