import type { Options, Values } from './options.ts'
import type { Output } from './output.ts'
import type { Words } from './parse.ts'

/** A command: its options, its help text, and the function that runs it. */
export interface Command<Of extends Options> {
  name: string
  /** The purpose of the command, in whole sentences. */
  about: string
  options: Of
  /** Arguments besides the options; none by default. */
  words?: Words
  /** Paragraphs that follow the options. */
  notes?: readonly string[]
  /** Meanings of exit codes that differ from those of every command. */
  exits?: Readonly<Record<number, string>>
  examples: readonly string[]
  /** Returns the exit code. Rejects with a Failure if the command cannot continue. */
  run(invocation: Invocation<Of>): Promise<number> | number
}

export interface Invocation<Of extends Options> {
  readonly values: Values<Of>
  readonly words: readonly string[]
  readonly output: Output
}
