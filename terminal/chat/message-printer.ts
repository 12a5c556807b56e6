import type { KnownNames, Message } from '../../client/index.ts'
import type { Output } from '../command/output.ts'
import { foldLines } from './folding.ts'
import { messageLines, messageReference, removalLine } from './format.ts'

/** How many messages are remembered, so that a removal can name their authors. */
const maxKnown = 1000

/** Prints the entries of a room: as lines for people, or as they are stored for programs. */
export class MessagePrinter {
  readonly #output: Output
  readonly #columns: () => number | undefined
  readonly #names: KnownNames
  readonly #references = new Map<number, string>()

  /** `columns` returns the width of the terminal, if there is one; `names` gets the authors that are printed. */
  constructor(output: Output, names: KnownNames, columns: () => number | undefined) {
    this.#names = names
    this.#output = output
    this.#columns = columns
  }

  print(message: Message): Promise<void> {
    if (this.#output.isJson) return this.#output.printJson(message)
    const lines = message.removes ? this.#removal(message) : this.#message(message)
    return lines.length === 0 ? Promise.resolve() : this.#output.print(foldLines(lines, this.#columns()).join('\n'))
  }

  #message(message: Message): string[] {
    if (message.from) this.#names.add(message.from)
    this.#references.set(message.seq, messageReference(message, this.#names))
    const [oldest] = this.#references.keys()
    if (this.#references.size > maxKnown && oldest !== undefined) this.#references.delete(oldest)
    return messageLines(message, this.#names)
  }

  #removal(message: Message): string[] {
    return [removalLine(message, (seq) => this.#references.get(seq))]
  }
}
