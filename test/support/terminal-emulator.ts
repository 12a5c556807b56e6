/** A terminal that supports the control sequences of `node:readline`. It keeps all rows. */
export class TerminalEmulator {
  readonly #columns: number
  readonly #rows: string[][] = [[]]
  #row = 0
  #column = 0

  constructor(columns: number) {
    this.#columns = columns
  }

  /** The visible text, without empty rows at the end. */
  get rows(): string[] {
    const rows = this.#rows.map((row) =>
      Array.from(row, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    )
    return rows.slice(0, rows.findLastIndex((row) => row !== '') + 1)
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences start with one
    for (const [token, count, command] of text.matchAll(/\u001b\[(\d*)([A-Za-z])|[\s\S]/gu)) {
      if (command !== undefined) this.#execute(command, Number(count || 1), count === '' ? 0 : Number(count))
      else if (token === '\r') this.#column = 0
      else if (token === '\n') this.#row++
      else this.#put(token)
    }
  }

  #put(character: string): void {
    if (this.#column === this.#columns) {
      this.#column = 0
      this.#row++
    }
    this.#at(this.#row)[this.#column++] = character
  }

  #execute(command: string, count: number, mode: number): void {
    if (command === 'A') this.#row = Math.max(0, this.#row - count)
    else if (command === 'B') this.#row += count
    else if (command === 'C') this.#column = Math.min(this.#columns - 1, this.#column + count)
    else if (command === 'D') this.#column = Math.max(0, this.#column - count)
    else if (command === 'G') this.#column = count - 1
    else if (command === 'K' && mode === 0)
      this.#at(this.#row).length = Math.min(this.#column, this.#at(this.#row).length)
    else if (command === 'J' && mode === 0) {
      this.#at(this.#row).length = Math.min(this.#column, this.#at(this.#row).length)
      this.#rows.length = this.#row + 1
    } else throw new Error(`This terminal does not support ${command} with ${mode}.`)
  }

  #at(row: number): string[] {
    while (this.#rows.length <= row) this.#rows.push([])
    return this.#rows[row] ?? []
  }
}
