import type { Rate, Rates } from '../../lambdas/domain/budget/rate.ts'
import type { Entry } from '../../lambdas/domain/log/entry.ts'

export type Guarantee =
  | 'density'
  | 'uniqueness'
  | 'durability'
  | 'agreement'
  | 'real time'
  | 'forward time'
  | 'prefix reading'
  | 'authorship'
  | 'condition'
  | 'admission'
  | 'rate'
  | 'no alarm'

export interface Violation {
  guarantee: Guarantee
  what: string
}

interface Sent {
  user: string
  clientMessageId: string | undefined
  /** The newest position that any client knew when this message was first sent. */
  newestKnown: number
}

/**
 * The actions of all clients of one room and the replies to them, and whether these agree with the log. It identifies
 * messages by their text, which is unique, and does not depend on how append finds a position.
 */
export class History {
  readonly violations: Violation[] = []
  /** The rates that the log must keep, if any. */
  rates: Rates | undefined
  readonly #sent = new Map<string, Sent>()
  readonly #acknowledged = new Map<string, number>()
  readonly #refused = new Set<string>()
  readonly #readers: string[][] = []
  #newestKnown = 0

  sent(text: string, user: string, clientMessageId: string | undefined): void {
    this.#sent.set(text, { user, clientMessageId, newestKnown: this.#newestKnown })
  }

  acknowledged(text: string, seq: number): void {
    const before = this.#acknowledged.get(text)
    if (before !== undefined && before !== seq)
      this.violate('agreement', `${text} was acknowledged at ${before} and at ${seq}`)
    this.#acknowledged.set(text, seq)
    this.#newestKnown = Math.max(this.#newestKnown, seq)
  }

  /** A definite refusal: the message must never appear. */
  refused(text: string): void {
    this.#refused.add(text)
  }

  reader(): { read(entries: Entry[]): void } {
    const texts: string[] = []
    this.#readers.push(texts)
    return {
      read: (entries) => {
        for (const { seq, body } of entries) {
          texts.push(body?.text ?? '')
          if (seq !== texts.length) this.violate('prefix reading', `a reader read ${seq} after ${texts.length - 1}`)
          this.#newestKnown = Math.max(this.#newestKnown, seq)
        }
      },
    }
  }

  violate(guarantee: Guarantee, what: string): void {
    this.violations.push({ guarantee, what })
  }

  /** Compares all actions and replies with the log as it is when nothing is pending. */
  check(log: Entry[]): Violation[] {
    const bySeq = new Map(log.map((entry) => [entry.seq, entry]))
    this.#checkSequence(log)
    this.#checkMessages(log)
    if (this.rates) this.#checkRates(log.slice(1), this.rates)
    for (const [text, seq] of this.#acknowledged) {
      const stored = bySeq.get(seq)?.body?.text
      if (stored !== text) this.violate('durability', `${seq} was acknowledged as ${text} and holds ${stored}`)
    }
    for (const texts of this.#readers) {
      for (const [index, text] of texts.entries()) {
        const stored = bySeq.get(index + 1)?.body?.text
        if (stored !== text) this.violate('prefix reading', `${index + 1} was read as ${text} and holds ${stored}`)
      }
    }
    return this.violations
  }

  #checkSequence(log: Entry[]): void {
    let latest = Number.NEGATIVE_INFINITY
    for (const [index, { seq, sentAt }] of log.entries()) {
      if (seq !== index) this.violate('density', `${seq} is at the position of ${index}`)
      if (sentAt < latest) this.violate('forward time', `${seq} has an earlier time than its predecessor`)
      latest = sentAt
    }
  }

  #checkRates(log: Entry[], rates: Rates): void {
    const users = new Set(log.map(({ from }) => from?.user))
    this.#checkRate('the room', log, rates.room)
    for (const user of users) {
      this.#checkRate(
        `${user}`,
        log.filter(({ from }) => from?.user === user),
        rates.author,
      )
    }
  }

  /** A leaky bucket over the times of the log never exceeds the burst. */
  #checkRate(subject: string, log: Entry[], { perSecond, burst }: Rate): void {
    let [held, at] = [0, 0]
    for (const { seq, sentAt } of log) {
      held = Math.max(0, held - (perSecond * (sentAt - at)) / 1000) + 1
      at = sentAt
      if (held > burst + 1e-6) this.violate('rate', `${seq} exceeds the rate of ${subject} by ${held - burst}`)
    }
  }

  #checkMessages(log: Entry[]): void {
    const positions = new Map<string, number>()
    for (const { seq, from, clientMessageId, body } of log.slice(1)) {
      const text = body?.text ?? ''
      const sent = this.#sent.get(text)
      if (!sent || sent.user !== from?.user || sent.clientMessageId !== clientMessageId) {
        this.violate('authorship', `${seq} holds ${text}, which no author sent like this`)
        continue
      }
      const position = positions.get(text)
      if (position !== undefined) this.violate('uniqueness', `${text} is at ${position} and at ${seq}`)
      positions.set(text, seq)
      if (seq <= sent.newestKnown)
        this.violate('real time', `${text} is at ${seq}, sent when ${sent.newestKnown} was known`)
      if (this.#refused.has(text)) this.violate('condition', `${text} is at ${seq} although it was refused`)
    }
  }
}
