import { ChatError, type HistoryPage } from '../../client/index.ts'
import { reasonOf } from '../command/failure.ts'
import { pause } from '../pause.ts'
import { type Connection, HandshakeRefused, Unanswered } from './connection.ts'
import type { TestPerson } from './people.ts'
import type { Room, Site } from './site.ts'

/** When the connection is cut: the request has just left, or its reply has come and is thrown away. */
type Cut = 'written' | 'answered'

const cutAt = (nr: number): Cut | undefined => ({ 1: 'written' as const, 3: 'answered' as const })[nr % 5]

const mostTries = 20

/** Sends messages of one person by the rules of the protocol for retries, while connections are cut. */
export class Sender {
  /** The position of each text, as it was acknowledged. */
  readonly acknowledged = new Map<string, number>()
  /** Texts that were acknowledged at two positions. */
  readonly contradictions: string[] = []
  cuts = 0
  tries = 0
  readonly #site: Site
  readonly #person: TestPerson
  readonly #room: Room
  #connection: Connection | undefined
  #last = 0

  constructor(site: Site, person: TestPerson, room: Room) {
    this.#site = site
    this.#person = person
    this.#room = room
  }

  /** Sends this many messages, one after the other, and returns when each is acknowledged. */
  async say(count: number): Promise<void> {
    for (let nr = 0; nr < count; nr++) await this.#deliver(`${this.#person.name} ${nr}`, cutAt(nr))
  }

  async #deliver(text: string, cut: Cut | undefined): Promise<void> {
    await this.#present()
    let after = this.#last
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const connection = await this.#present()
      try {
        if (await this.#attempt(connection, text, after, attempt === 0 ? cut : undefined)) return
      } catch (error) {
        if (error instanceof Unanswered) this.#connection = undefined
        else if (!(error instanceof ChatError)) throw error
        else if (error.code === 'not_joined') this.#connection = undefined
        else if (error.code === 'resync_required') {
          if (await this.#wasStored(connection, text, after)) return
          after = this.#last
        } else if (error.retryable) await pause(this.#site.clock, error.retryAfterMs ?? 500)
        else throw error
      }
    }
    throw new Error(`"${text}" is not acknowledged after ${mostTries} tries`)
  }

  /** One try. Returns whether the message is acknowledged; after a cut it is not. */
  async #attempt(connection: Connection, text: string, after: number, cut: Cut | undefined): Promise<boolean> {
    this.tries++
    const { roomId } = this.#room
    const fields = { roomId, text, clientMessageId: text, after }
    const { message } = await connection.try('send', fields, cut === 'written' ? () => this.#cut() : undefined)
    this.#acknowledge(text, message.seq)
    if (cut === undefined) return true
    this.#cut()
    return false
  }

  #acknowledge(text: string, seq: number): void {
    if ((this.acknowledged.get(text) ?? seq) !== seq) this.contradictions.push(text)
    this.acknowledged.set(text, seq)
    this.#last = Math.max(this.#last, seq)
  }

  #cut(): void {
    this.cuts++
    this.#connection?.cut()
    this.#connection = undefined
  }

  /** Looks for an earlier try in the log. Without one, a later `after` is safe. */
  async #wasStored(connection: Connection, text: string, after: number): Promise<boolean> {
    const { roomId } = this.#room
    for (let from = after; ; ) {
      const page = (await connection.ask('history', { roomId, after: from, limit: 200 })) as HistoryPage
      const found = page.messages.find(
        ({ clientMessageId, from: author }) => clientMessageId === text && author?.user === this.#person.user,
      )
      if (found) this.#acknowledge(text, found.seq)
      this.#last = from = page.messages.at(-1)?.seq ?? page.head
      if (found || from >= page.head) return found !== undefined
    }
  }

  /** A connection that has joined. */
  async #present(): Promise<Connection> {
    for (let attempt = 0; this.#connection?.code !== undefined || !this.#connection; attempt++) {
      try {
        const connection = await this.#site.connect(this.#person)
        const { head } = await connection.ask('join', { roomId: this.#room.roomId, limit: 0 })
        this.#connection = connection
        this.#last = Math.max(this.#last, head)
      } catch (error) {
        const mayHelp = error instanceof HandshakeRefused || error instanceof Unanswered
        if (!mayHelp || attempt === mostTries) throw new Error(`${this.#person.name} cannot join: ${reasonOf(error)}`)
        await pause(this.#site.clock, 250)
      }
    }
    return this.#connection
  }
}
