import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'

const running = new Set<ChildProcess>()

/** The lines of a stream, from its beginning on, whenever they are asked for. */
export class Lines {
  readonly #stream: Readable
  readonly #interface: Interface
  readonly #all: string[] = []
  readonly #closed: Promise<unknown>
  #given = 0

  constructor(stream: Readable) {
    this.#stream = stream
    this.#interface = createInterface({ input: stream }).on('line', (line) => this.#all.push(line))
    this.#closed = once(this.#interface, 'close')
  }

  /** The next line. Rejects where there is none. */
  async next(): Promise<string> {
    while (this.#given === this.#all.length) {
      const came = await Promise.race([once(this.#interface, 'line'), this.#closed.then(() => undefined)])
      if (came === undefined && this.#given === this.#all.length) throw new Error('There are no more lines.')
    }
    return this.#all[this.#given++] ?? ''
  }

  /** Every line there is, once the stream has ended. */
  async all(): Promise<string[]> {
    await this.#closed
    return this.#all
  }

  pause(): void {
    this.#interface.pause()
  }

  resume(): void {
    this.#interface.resume()
  }

  /** Stops reading, as `head` does once it has enough. */
  abandon(): void {
    this.#stream.destroy()
  }
}

/** A command as a process. */
export interface Program {
  child: ChildProcess
  out: Lines
  error: Lines
  exited: Promise<number | null>
  /** Writes to its input; nothing ends it. */
  says(text?: string): void
}

/** Starts a command with these words. `CHAT_TOKEN` and the like go into its environment. */
export function program(file: string, words: readonly string[], environment: Record<string, string> = {}): Program {
  const line = ['--import', 'tsx', file, ...words]
  const env = { ...process.env, NODE_OPTIONS: '', ...environment }
  const child = spawn(process.execPath, line, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined)
  running.add(child)
  return {
    child,
    out: new Lines(child.stdout),
    error: new Lines(child.stderr),
    exited: once(child, 'exit').then(([code]: (number | null)[]) => code ?? null),
    says: (text) => void (text === undefined ? child.stdin.end() : child.stdin.write(text)),
  }
}

/** Everything that a program prints, and how it ends. Its input is this text. */
export async function outcome({ out, error, exited, says }: Program, input = '') {
  says(input)
  says()
  const [printed, told, code] = await Promise.all([out.all(), error.all(), exited])
  return { code, out: printed, error: told }
}

/** Ends what a test left running. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
}
