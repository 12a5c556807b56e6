import type { Message } from '../../client/index.ts'
import type { Output } from '../command/output.ts'
import { folded } from './folding.ts'
import { messageLines, removalLine, shortly } from './lines.ts'

/** How many messages are remembered, so that a removal can name their authors. */
const mostKnown = 1000

/** Shows the entries of a room: to people as lines, to programs as they are stored. */
export class Show {
  readonly #output: Output
  readonly #columns: () => number | undefined
  readonly #known = new Map<number, string>()

  /** `columns` says how wide the terminal is, where there is one. */
  constructor(output: Output, columns: () => number | undefined) {
    this.#output = output
    this.#columns = columns
  }

  entry(message: Message): Promise<void> {
    if (this.#output.isJson) return this.#output.printJson(message)
    const lines = message.removes ? this.#removal(message) : this.#said(message)
    return lines.length === 0 ? Promise.resolve() : this.#output.print(folded(lines, this.#columns()).join('\n'))
  }

  #said(message: Message): string[] {
    this.#known.set(message.seq, shortly(message))
    const [oldest] = this.#known.keys()
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest)
    return messageLines(message)
  }

  #removal(message: Message): string[] {
    return [removalLine(message, (seq) => this.#known.get(seq))]
  }
}
