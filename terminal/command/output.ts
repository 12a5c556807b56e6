import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { codeOf, reasonOf } from './failure.ts'
import { jsonLine, visible } from './visible.ts'

/** The streams of a command: results go to `out`, everything else to `error`. */
export interface Streams {
  out: Writable
  error: Writable
}

/** The output of a command, for people or for programs. */
export class Output {
  readonly isJson: boolean
  /** Aborted when the results are not read any more, as by `| head`. */
  readonly closed: AbortSignal
  /** Called around each write, so that a prompt can move its input line out of the way. */
  around = (write: () => void): void => write()
  readonly #streams: Streams

  constructor(streams: Streams, isJson: boolean) {
    this.isJson = isJson
    this.#streams = streams
    const closing = new AbortController()
    this.closed = closing.signal
    streams.out.on('error', () => closing.abort())
    // There is no other place to report it.
    streams.error.on('error', () => undefined)
  }

  /** Prints a line of the results. Resolves when the stream can take more. */
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

  /** Prints information that is no result. */
  note(text: string): void {
    this.#write(this.isJson ? jsonLine({ note: text }) : `* ${visible(text)}`)
  }

  /** Reports an error. `place` names its place: `{ line: 417 }`. */
  fail(error: unknown, place: Readonly<Record<string, number | string>> = {}): void {
    const [code, message] = [codeOf(error) ?? 'failed', visible(reasonOf(error))]
    const where = Object.entries(place).map(([name, value]) => `${name} ${visible(String(value))}: `)
    this.#write(this.isJson ? jsonLine({ error: { code, message }, ...place }) : `${where.join('')}${message}`)
  }

  #write(line: string): void {
    this.around(() => this.#streams.error.write(`${line}\n`))
  }
}
