import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../clock.ts'
import type { LambdaFunction } from '../template/functions.ts'
import { heapOf } from './heap.ts'

export interface FunctionError {
  errorType: string
  errorMessage: string
  trace: string[]
}

/** What an invocation came to: the JSON the function answered, or its error. */
export type Outcome =
  | { payload: string; error?: never; throttled?: never }
  | { error: FunctionError; payload?: never; throttled?: true }

/** What the record of an invocation tells about its end. */
export const contextOf = (outcome: Outcome) => ({
  statusCode: 200,
  executedVersion: '$LATEST',
  ...(outcome.error && { functionError: 'Unhandled' }),
})

/** One execution environment: a loaded handler that takes one event at a time. */
export interface Environment {
  invoke(requestId: string, event: string): Promise<Outcome>
  /** Ends it in the middle of whatever it does. */
  kill(error: FunctionError): void
  readonly ended: boolean
  /** Resolves once the handler is loaded, or cannot be. */
  readonly ready: Promise<void>
}

export interface EnvironmentOptions {
  clock: Clock
  /** The worker's source, as JavaScript. */
  source: string
  variables: Record<string, string>
  print: (line: string) => void
  /** Called before and after every event. */
  began: () => void
  finished: () => void
  /** Called once, when it takes no more. */
  gone: () => void
}

type Message =
  | { ready: true }
  | { failed: FunctionError }
  | { requestId: string; payload: string }
  | { requestId: string; error: FunctionError }

/** Lambda gives the loading of a handler ten seconds. */
const initTimeoutMs = 10_000

export function startEnvironment(fn: LambdaFunction, options: EnvironmentOptions): Environment {
  const { clock } = options
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(options.source)}`), {
    workerData: { ...handlerOf(fn), name: fn.name, arn: fn.arn, memory: fn.memory },
    env: options.variables,
    // The runner's own loaders are not the function's.
    execArgv: (options.variables.NODE_OPTIONS ?? '').split(' ').filter(Boolean),
    resourceLimits: heapOf(fn.memory),
    stdout: true,
    stderr: true,
  })
  printLines(worker.stdout, options.print)
  printLines(worker.stderr, options.print)

  let end: FunctionError | undefined
  let settle: ((outcome: Outcome) => void) | undefined
  let becameReady = () => {}
  const ready = new Promise<void>((resolve) => {
    becameReady = resolve
  })
  const kill = (error: FunctionError) => {
    if (!end) options.gone()
    end ??= error
    settle?.({ error: end })
    becameReady()
    void worker.terminate()
  }
  const cancelInit = clock.after(initTimeoutMs, () => kill(failure('Sandbox.Timedout', 'Init timed out')))

  worker.on('message', (message: Message) => {
    if ('ready' in message) becameReady()
    else if ('failed' in message) kill(message.failed)
    else settle?.(message)
  })
  worker.on('error', (error: NodeJS.ErrnoException) => kill(causeOf(error)))
  worker.on('exit', () => kill(failure('Runtime.ExitError', 'Runtime exited without providing a reason')))
  void ready.then(cancelInit)

  return {
    get ended() {
      return end !== undefined
    },
    ready,
    kill,
    async invoke(requestId, event) {
      if (end) return { error: end }
      return new Promise<Outcome>((resolve) => {
        const seconds = (fn.timeoutMs / 1000).toFixed(2)
        const cancel = clock.after(fn.timeoutMs, () =>
          kill(failure('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`)),
        )
        settle = (outcome) => {
          settle = undefined
          cancel()
          options.finished()
          resolve(outcome)
        }
        options.began()
        worker.postMessage({ requestId, event, remaining: fn.timeoutMs })
      })
    },
  }
}

export const failure = (errorType: string, errorMessage: string): FunctionError => ({
  errorType,
  errorMessage,
  trace: [],
})

const causeOf = ({ code, message }: NodeJS.ErrnoException) =>
  code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? failure('Runtime.OutOfMemory', 'Runtime exited with error: signal: killed')
    : failure('Runtime.UnhandledPromiseRejection', message)

function handlerOf(fn: LambdaFunction): { file: string; handler: string } {
  const dot = fn.handler.lastIndexOf('.')
  const base = join(fn.folder, fn.handler.slice(0, dot))
  const file = ['.mjs', '.js', '.cjs'].map((extension) => base + extension).find(existsSync) ?? `${base}.mjs`
  return { file: pathToFileURL(file).href, handler: fn.handler.slice(dot + 1) }
}

function printLines(stream: Readable, print: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) print(line)
  })
}
