export const FAULTS = [
  'lost request',
  'lost response',
  'zombie put',
  'error before',
  'error after',
  'throttle',
  'crash',
  'function timeout',
  'slow start',
  'lost acknowledgement',
  'lost send',
  'client retry',
  'clock jump',
  'stale read',
  'admission refused',
  'purge',
] as const

/** What has to happen sometimes, lest the simulation prove nothing. */
export const SIGHTS = [
  'duplicate by scan',
  'duplicate by what stood there',
  'duplicate by catching up',
  'own resend recognised',
  'resync required',
  'resync found own message',
  'resync behind the floor',
  'stored after a loss',
  'conflict',
  'stored on a condition',
  'unavailable',
  'rate limited',
  'given up',
] as const

const FIGURES = ['message', 'acknowledged', 'attempt', 'put', 'entry read', 'alarm'] as const

export type Fault = (typeof FAULTS)[number]
export type Count = Fault | (typeof SIGHTS)[number] | (typeof FIGURES)[number]

export class Tally {
  readonly #counts = new Map<Count, number>()

  count(what: Count, times = 1): void {
    this.#counts.set(what, this.of(what) + times)
  }

  of(what: Count): number {
    return this.#counts.get(what) ?? 0
  }

  add(other: Tally): void {
    for (const [what, times] of other.#counts) this.count(what, times)
  }

  toString(): string {
    return [...FIGURES, ...FAULTS, ...SIGHTS].map((what) => `${what} ${this.of(what)}`).join(', ')
  }
}
