import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'

const running = new Set<ChildProcess>()

/** Keeps the lines of a stream until a test reads them. */
export class Lines {
  readonly #stream: Readable
  readonly #interface: Interface
  readonly #all: string[] = []
  readonly #closed: Promise<unknown>
  #read = 0

  constructor(stream: Readable) {
    this.#stream = stream
    this.#interface = createInterface({ input: stream }).on('line', (line) => this.#all.push(line))
    this.#closed = once(this.#interface, 'close')
  }

  /** Waits for the next line. Rejects if the stream has ended. */
  async next(): Promise<string> {
    while (this.#read === this.#all.length) {
      const line = await Promise.race([once(this.#interface, 'line'), this.#closed.then(() => undefined)])
      if (line === undefined && this.#read === this.#all.length) throw new Error('There are no more lines.')
    }
    return this.#all[this.#read++] ?? ''
  }

  /** All lines, when the stream has ended. */
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

  /** Closes the stream, as `head` does when it has enough lines. */
  close(): void {
    this.#stream.destroy()
  }
}

/** A command that runs as a process. */
export interface Program {
  child: ChildProcess
  out: Lines
  error: Lines
  exited: Promise<number | null>
  /** Writes to the standard input; without a text it ends the input. */
  write(text?: string): void
}

/** Starts a command with these arguments and environment variables, for example `CHAT_TOKEN`. */
export function program(file: string, args: readonly string[], environment: Record<string, string> = {}): Program {
  const nodeArgs = ['--import', 'tsx', file, ...args]
  const env = { ...process.env, NODE_OPTIONS: '', ...environment }
  const child = spawn(process.execPath, nodeArgs, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined)
  running.add(child)
  return {
    child,
    out: new Lines(child.stdout),
    error: new Lines(child.stderr),
    exited: once(child, 'exit').then(([code]: (number | null)[]) => code ?? null),
    write: (text) => void (text === undefined ? child.stdin.end() : child.stdin.write(text)),
  }
}

/** Gives a program its whole input and resolves with its output and its exit code. */
export async function outcome({ out, error, exited, write }: Program, input = '') {
  write(input)
  write()
  const [printed, errors, code] = await Promise.all([out.all(), error.all(), exited])
  return { code, out: printed, error: errors }
}

/** Kills the programs that tests left running. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
}
