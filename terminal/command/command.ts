import type { Options, Values } from './options.ts'
import type { Output } from './output.ts'
import type { Words } from './parse.ts'

/** A command: its options, the text of its `--help`, and the function that carries it out. */
export interface Command<Of extends Options> {
  name: string
  /** The purpose of the command, in whole sentences. */
  about: string
  options: Of
  /** Words besides the options; none when left out. */
  words?: Words
  /** Paragraphs that follow the options. */
  notes?: readonly string[]
  /** Meanings of exit codes, where `--help` is to say more than for every command. */
  exits?: Readonly<Record<number, string>>
  examples: readonly string[]
  /** Answers the exit code. Rejects with a Failure when it cannot go on. */
  run(asked: Invocation<Of>): Promise<number> | number
}

export interface Invocation<Of extends Options> {
  readonly values: Values<Of>
  readonly words: readonly string[]
  readonly output: Output
}
