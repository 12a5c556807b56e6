import type { Site } from './site.ts'

/** `unknown`: it could not be found out, or it is a fact without a right and a wrong. */
export type Verdict = 'passed' | 'failed' | 'unknown'

/** What was seen of one expectation, in a few words. */
export interface Seen {
  verdict: Verdict
  seen: string
}

/** A part of the verification: what is expected, by name, and the function that finds out. */
export interface Check {
  readonly expects: Readonly<Record<string, string>>
  /** Resolves with what was seen of each expectation. A rejection means that all of them failed. */
  run(site: Site): Promise<Readonly<Record<string, Seen>>>
}

/** One line of the result. */
export interface Finding extends Seen {
  check: string
  expected: string
}

export const unknown = (seen: string): Seen => ({ verdict: 'unknown', seen })

export const judged = (isRight: boolean, seen: string): Seen => ({ verdict: isRight ? 'passed' : 'failed', seen })

/** `3 of 60`, and the first of them, with which the search for the cause begins. */
export const some = (wrong: readonly unknown[], all: number): string =>
  `${wrong.length} of ${all}${wrong.length > 0 ? `, first ${String(wrong[0])}` : ''}`
