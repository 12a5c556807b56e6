import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClientOptions, WebSocket } from 'ws'
import type { Clock } from '../../local/clock.ts'
import { type Local, type LocalOptions, startLocal } from '../../local/start.ts'
import { type Resources, writeAssembly } from './echo-app.ts'

// biome-ignore lint/suspicious/noExplicitAny: the one boundary where frames and events enter the tests
export type Loose = any

/** A clock that a test moves forward. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000
  #timers = new Set<{ at: number; then: () => void }>()
  #waiting = new Set<() => void>()

  now = () => this.#now

  after = (ms: number, then: () => void) => {
    const timer = { at: this.#now + ms, then }
    this.#timers.add(timer)
    for (const check of [...this.#waiting]) check()
    return () => void this.#timers.delete(timer)
  }

  /** Waits until a timer is due within `ms`, then advances by `ms`. */
  pass = (ms: number) => this.#passOnce(ms, (at) => at <= this.#now + ms)

  /** Waits until a timer is due in exactly `ms`, then advances by `ms`. */
  due = (ms: number) => this.#passOnce(ms, (at) => at === this.#now + ms)

  async #passOnce(ms: number, matches: (at: number) => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const check = () => {
        if (![...this.#timers].some(({ at }) => matches(at))) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
      check()
    })
    this.advance(ms)
  }

  /** Moves the time forward and runs each timer that becomes due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#timers.delete(next)
      this.#now = next.at
      next.then()
    }
    this.#now = end
  }
}

/** A running echo app, with the output of its functions. */
export interface Run extends Local {
  clock: ManualClock
  lines: string[]
  /** Waits for the next line with this label and resolves with its JSON. Each line is returned once. */
  printed(label: string): Promise<Loose>
  /** Waits for the first line that contains `text`; earlier lines count. */
  logged(text: string): Promise<string>
  open(query?: string, options?: ClientOptions, protocols?: string[]): Promise<Client>
  refusal(path?: string, options?: ClientOptions): Promise<{ status: number; body: string }>
}

const running = new Set<Run>()

/** Stops the runs that tests did not stop, for example because they failed. */
export async function stopAll(): Promise<void> {
  for (const run of running) await run.stop()
}

export async function startEcho(options: LocalOptions & { changes?: Resources } = {}): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'echo-'))
  const clock = new ManualClock()
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const { changes, ...given } = options
  const local = await startLocal({
    templateDir: writeAssembly(dir, changes),
    port: 0,
    clock,
    verbose: true,
    log(line) {
      lines.push(line)
      for (const check of [...waiting]) check()
    },
    ...given,
  })
  const find = (matches: (line: string) => boolean) =>
    new Promise<number>((resolve) => {
      const check = () => {
        const at = lines.findIndex(matches)
        if (at < 0) return
        waiting.delete(check)
        resolve(at)
      }
      waiting.add(check)
      check()
    })
  const run: Run = {
    ...local,
    clock,
    lines,
    async printed(label) {
      const [line = ''] = lines.splice(await find((text) => text.includes(`: ${label} {`)), 1)
      return JSON.parse(line.slice(line.indexOf('{')))
    },
    logged: async (text) => lines[await find((line) => line.includes(text))] ?? '',
    open: (query = '', socketOptions = {}, protocols = []) => Client.open(run.url + query, protocols, socketOptions),
    refusal: async (path = run.url, socketOptions = {}) => {
      const socket = new WebSocket(path, socketOptions)
      socket.on('error', () => {})
      const [, response] = await once(socket, 'unexpected-response')
      let body = ''
      for await (const chunk of response) body += chunk
      return { status: response.statusCode, body }
    },
    async stop() {
      running.delete(run)
      await local.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  running.add(run)
  return run
}

/** A WebSocket that keeps each frame until a test reads it. */
export class Client {
  readonly socket: WebSocket
  readonly closed: Promise<[number, string]>
  readonly headers: Promise<Record<string, unknown>>
  readonly #frames: string[] = []
  readonly #waiting: ((frame: string) => void)[] = []

  constructor(socket: WebSocket) {
    this.socket = socket
    this.headers = new Promise((resolve) => socket.once('upgrade', (response) => resolve(response.headers)))
    this.closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])))
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const frame = String(data)
      const next = this.#waiting.shift()
      if (next) next(frame)
      else this.#frames.push(frame)
    })
  }

  static async open(url: string, protocols: string[], options: ClientOptions): Promise<Client> {
    const client = new Client(new WebSocket(url, protocols, options))
    await once(client.socket, 'open')
    return client
  }

  text(): Promise<string> {
    const frame = this.#frames.shift()
    return frame === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(frame)
  }

  async frame(): Promise<Loose> {
    return JSON.parse(await this.text())
  }

  send(value: unknown): void {
    this.socket.send(typeof value === 'string' ? value : JSON.stringify(value))
  }

  async ask(verb: string, fields: object = {}, action = 'ask'): Promise<Loose> {
    this.send({ action, verb, ...fields })
    return this.frame()
  }
}
