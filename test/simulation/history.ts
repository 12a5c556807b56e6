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
  /** The newest position anybody had been told of when this message was first sent. */
  behind: number
}

/**
 * What the people of one room did and were told, and whether it agrees with the log. It knows messages by their text, which
 * is never written twice, and nothing of how a position is found.
 */
export class History {
  readonly violations: Violation[] = []
  /** What the log may hold of a stretch of time. */
  rates: Rates | undefined
  readonly #sent = new Map<string, Sent>()
  readonly #acknowledged = new Map<string, number>()
  readonly #refused = new Set<string>()
  readonly #readers: string[][] = []
  #told = 0

  sent(text: string, user: string, clientMessageId: string | undefined): void {
    this.#sent.set(text, { user, clientMessageId, behind: this.#told })
  }

  acknowledged(text: string, seq: number): void {
    const before = this.#acknowledged.get(text)
    if (before !== undefined && before !== seq)
      this.violate('agreement', `${text} was said to stand at ${before} and ${seq}`)
    this.#acknowledged.set(text, seq)
    this.#told = Math.max(this.#told, seq)
  }

  /** A definite no, after which the message must never be seen. */
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
          if (seq !== texts.length)
            this.violate('prefix reading', `a reader came upon ${seq} after ${texts.length - 1}`)
          this.#told = Math.max(this.#told, seq)
        }
      },
    }
  }

  violate(guarantee: Guarantee, what: string): void {
    this.violations.push({ guarantee, what })
  }

  /** Compares everything that was said with the log as it stands when all is quiet. */
  check(log: Entry[]): Violation[] {
    const bySeq = new Map(log.map((entry) => [entry.seq, entry]))
    this.#checkSequence(log)
    this.#checkMessages(log)
    if (this.rates) this.#checkRates(log.slice(1), this.rates)
    for (const [text, seq] of this.#acknowledged) {
      const standing = bySeq.get(seq)?.body?.text
      if (standing !== text) this.violate('durability', `${seq} was acknowledged as ${text} and holds ${standing}`)
    }
    for (const texts of this.#readers) {
      for (const [index, text] of texts.entries()) {
        const standing = bySeq.get(index + 1)?.body?.text
        if (standing !== text) this.violate('prefix reading', `${index + 1} was read as ${text} and holds ${standing}`)
      }
    }
    return this.violations
  }

  #checkSequence(log: Entry[]): void {
    let latest = Number.NEGATIVE_INFINITY
    for (const [index, { seq, sentAt }] of log.entries()) {
      if (seq !== index) this.violate('density', `${seq} stands where ${index} should`)
      if (sentAt < latest) this.violate('forward time', `${seq} was sent before the one in front of it`)
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

  /** A bucket that leaks in the time of the log must never hold more than the burst. */
  #checkRate(whose: string, log: Entry[], { perSecond, burst }: Rate): void {
    let [held, at] = [0, 0]
    for (const { seq, sentAt } of log) {
      held = Math.max(0, held - (perSecond * (sentAt - at)) / 1000) + 1
      at = sentAt
      if (held > burst + 1e-6) this.violate('rate', `${seq} is too much for ${whose} by ${held - burst}`)
    }
  }

  #checkMessages(log: Entry[]): void {
    const places = new Map<string, number>()
    for (const { seq, from, clientMessageId, body } of log.slice(1)) {
      const text = body?.text ?? ''
      const sent = this.#sent.get(text)
      if (!sent || sent.user !== from?.user || sent.clientMessageId !== clientMessageId) {
        this.violate('authorship', `${seq} holds ${text}, which nobody sent like this`)
        continue
      }
      const place = places.get(text)
      if (place !== undefined) this.violate('uniqueness', `${text} stands at ${place} and ${seq}`)
      places.set(text, seq)
      if (seq <= sent.behind) this.violate('real time', `${text} stands at ${seq}, sent when ${sent.behind} was known`)
      if (this.#refused.has(text)) this.violate('condition', `${text} stands at ${seq} although it was refused`)
    }
  }
}
