export const FAULTS = [
  'lost request',
  'lost response',
  'late put',
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

/** Outcomes that must occur, as the simulation proves nothing about those that do not. */
export const OUTCOMES = [
  'duplicate by scan',
  'duplicate by a lost put',
  'duplicate by catching up',
  'own resend recognised',
  'resync required',
  'resync found own message',
  'resync below the floor',
  'stored after a loss',
  'conflict',
  'stored on a condition',
  'unavailable',
  'rate limited',
  'given up',
] as const

const FIGURES = ['message', 'acknowledged', 'attempt', 'put', 'entry read', 'alarm'] as const

export type Fault = (typeof FAULTS)[number]
export type Count = Fault | (typeof OUTCOMES)[number] | (typeof FIGURES)[number]

export class Counts {
  readonly #counts = new Map<Count, number>()

  count(what: Count, times = 1): void {
    this.#counts.set(what, this.of(what) + times)
  }

  of(what: Count): number {
    return this.#counts.get(what) ?? 0
  }

  add(other: Counts): void {
    this.addAll(other.entries())
  }

  /** The counts in a form that can go from one thread to another. */
  entries(): [Count, number][] {
    return [...this.#counts]
  }

  addAll(entries: readonly [Count, number][]): void {
    for (const [what, times] of entries) this.count(what, times)
  }

  toString(): string {
    return [...FIGURES, ...FAULTS, ...OUTCOMES].map((what) => `${what} ${this.of(what)}`).join(', ')
  }
}
