import type { RequestLine } from './app.ts'
import { env, type LogLevel, logLevels } from './bindings.ts'
import { describeError, ownFrames } from './describe-error.ts'
import { Refusal } from './domain/errors.ts'
import type { Fact, Figure, Metrics, Notes } from './domain/metrics.ts'
import { required } from './environment.ts'
import { metricObjects, type Samples } from './metric-lines.ts'

export interface RequestLogOptions {
  /** The value of the dimension `Stack`. */
  stack: string
  level: LogLevel
  now: () => number
  write: (text: string) => void
}

const mostNotes = 10

/**
 * Collects the figures of one request, and writes them with the fields of its log line as one line. An environment
 * handles one request at a time. The line goes to the standard output and not to the console, because Lambda would put
 * a line of the console into an object of its own, in which CloudWatch finds no metrics.
 */
export class RequestLog implements Metrics, Notes {
  readonly #options: RequestLogOptions
  #samples = new Map<string, Samples & { values: number[] }>()
  #notes: Fact[] = []
  #isFirst = true

  constructor(options: RequestLogOptions) {
    this.#options = options
  }

  count(name: Figure, value: number, outcome?: string): void {
    const key = `${name} ${outcome}`
    const samples = this.#samples.get(key)
    if (samples) samples.values.push(value)
    else this.#samples.set(key, { name, outcome, values: [value] })
  }

  note(fact: Fact, error?: unknown): void {
    if (this.#notes.length === mostNotes) return
    this.#notes.push({ ...fact, ...(error !== undefined && this.#describe(error)) })
  }

  /** Writes the line of a request, and begins the next one. */
  report({ level, requestId, connectionId, ...fields }: RequestLine, error?: unknown): void {
    const { stack, now, write } = this.#options
    if (this.#isFirst) this.count('ColdStart', 1)
    this.#isFirst = false
    const [samples, notes] = [[...this.#samples.values()], this.#notes]
    this.#samples = new Map()
    this.#notes = []
    const at = now()
    const [first, ...more] = metricObjects(samples, { stack, verb: fields.verb, at })
    const known = level ?? (notes.some((note) => note.error !== undefined) ? 'WARN' : 'INFO')
    const head = { level: known, timestamp: new Date(at).toISOString(), requestId, connectionId }
    const isQuiet = this.#options.level === 'warn' && known === 'INFO'
    const described = error === undefined ? {} : this.#describe(error)
    const line = { ...head, ...fields, ...described, ...(notes.length > 0 && { notes }), ...first }
    for (const object of [isQuiet ? first : line, ...more.map((each) => (isQuiet ? each : { ...head, ...each }))])
      write(`${JSON.stringify(object)}\n`)
  }

  /** A refusal is no failure, but a failed call may be its cause. */
  #describe(error: unknown): Fact {
    if (!(error instanceof Refusal)) return describeError(error)
    return {
      ...(error.cause !== undefined && describeError(error.cause)),
      ...(this.#options.level === 'debug' && { refusedAt: ownFrames(error) }),
    }
  }
}

/** The log of a function, as its environment variables say. */
export const requestLog = (now: () => number): RequestLog =>
  new RequestLog({
    stack: required(env.stackName),
    level: logLevels.find((level) => level === process.env[env.logLevel]) ?? 'info',
    now,
    write: (text) => process.stdout.write(text),
  })
