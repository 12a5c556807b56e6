import type { Options, Values } from './options.ts'
import type { Output } from './output.ts'
import type { Words } from './parse.ts'

/**
 * A command: what `--help` says of it, what may be asked, and what it does. A program with several commands needs
 * nothing but a list of these.
 */
export interface Command<Of extends Options> {
  name: string
  /** What it does, in whole sentences. */
  about: string
  options: Of
  /** Words besides the options; none when left out. */
  words?: Words
  /** Paragraphs that follow the options. */
  notes?: readonly string[]
  /** What an exit code means here, where that is more than `exitCodes` says. */
  exits?: Readonly<Record<number, string>>
  examples: readonly string[]
  /** Answers the exit code; 0 when nothing. Rejects with a Failure when it cannot go on. */
  run(asked: Asked<Of>): Promise<number | undefined> | number | undefined
}

export interface Asked<Of extends Options> {
  readonly values: Values<Of>
  readonly words: readonly string[]
  readonly output: Output
}
