import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { codeOf, reasonOf } from './failure.ts'
import { jsonLine, visible } from './visible.ts'

/** Where a command writes to: what was asked for to `out`, all else to `error`. */
export interface Streams {
  out: Writable
  error: Writable
}

/** What a command says, to people or to programs. */
export class Output {
  readonly isJson: boolean
  /** Aborted once nobody reads what was asked for any more, as behind `| head`. */
  readonly closed: AbortSignal
  /** How a line reaches the screen; an input line that is being typed has to make room. */
  around = (write: () => void): void => write()
  readonly #streams: Streams

  constructor(streams: Streams, isJson: boolean) {
    this.isJson = isJson
    this.#streams = streams
    const closing = new AbortController()
    this.closed = closing.signal
    streams.out.on('error', () => closing.abort())
    // Nobody is left to be told.
    streams.error.on('error', () => undefined)
  }

  /** A line that was asked for. Resolves when there is room for more. */
  async print(line: string): Promise<void> {
    const { out } = this.#streams
    if (this.closed.aborted) return
    let hasRoom = true
    this.around(() => {
      hasRoom = out.write(`${line}\n`)
    })
    if (!hasRoom) await once(out, 'drain', { signal: this.closed }).catch(() => undefined)
  }

  printJson(value: unknown): Promise<void> {
    return this.print(jsonLine(value))
  }

  /** Something to know that is no part of the answer. */
  note(text: string): void {
    this.#say(this.isJson ? jsonLine({ note: text }) : `* ${visible(text)}`)
  }

  /** Something that failed. `place` says where: `{ line: 417 }`. */
  fail(error: unknown, place: Readonly<Record<string, number | string>> = {}): void {
    const [code, message] = [codeOf(error) ?? 'failed', visible(reasonOf(error))]
    const where = Object.entries(place).map(([name, value]) => `${name} ${visible(String(value))}: `)
    this.#say(this.isJson ? jsonLine({ error: { code, message }, ...place }) : `${where.join('')}${message}`)
  }

  #say(line: string): void {
    this.around(() => this.#streams.error.write(`${line}\n`))
  }
}
