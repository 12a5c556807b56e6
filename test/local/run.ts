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

/** Time that passes only when it is told to. */
export class DrivenClock implements Clock {
  #now = 1_700_000_000_000
  #timers = new Set<{ at: number; then: () => void }>()
  #looking = new Set<() => void>()

  now = () => this.#now

  after = (ms: number, then: () => void) => {
    const timer = { at: this.#now + ms, then }
    this.#timers.add(timer)
    for (const look of [...this.#looking]) look()
    return () => void this.#timers.delete(timer)
  }

  /** Waits until something is to happen within `ms`, and lets them pass. */
  pass = (ms: number) => this.#passOnce(ms, (at) => at <= this.#now + ms)

  /** The same with what is to happen after exactly `ms`, and is to happen now. */
  due = (ms: number) => this.#passOnce(ms, (at) => at === this.#now + ms)

  async #passOnce(ms: number, fits: (at: number) => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (![...this.#timers].some(({ at }) => fits(at))) return
        this.#looking.delete(look)
        resolve()
      }
      this.#looking.add(look)
      look()
    })
    this.advance(ms)
  }

  /** Runs every timer that falls due on the way, in order. */
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

/** A running echo app, and what its functions have printed. */
export interface Run extends Local {
  clock: DrivenClock
  lines: string[]
  /** The next line that starts with `label`, read as JSON; each line is given once. */
  said(label: string): Promise<Loose>
  /** The first line, past or future, that contains `text`. */
  logged(text: string): Promise<string>
  open(query?: string, options?: ClientOptions, protocols?: string[]): Promise<Client>
  refusal(path?: string, options?: ClientOptions): Promise<{ status: number; body: string }>
}

const running = new Set<Run>()

/** Ends what a test left running, a failed one above all. */
export async function stopAll(): Promise<void> {
  for (const run of running) await run.stop()
}

export async function startEcho(options: LocalOptions & { changes?: Resources } = {}): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'echo-'))
  const clock = new DrivenClock()
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
      for (const look of [...waiting]) look()
    },
    ...given,
  })
  const find = (matches: (line: string) => boolean) =>
    new Promise<number>((resolve) => {
      const look = () => {
        const at = lines.findIndex(matches)
        if (at < 0) return
        waiting.delete(look)
        resolve(at)
      }
      waiting.add(look)
      look()
    })
  const run: Run = {
    ...local,
    clock,
    lines,
    async said(label) {
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

/** Keeps every frame until a test asks for it. */
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
