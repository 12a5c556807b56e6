import { existsSync } from 'node:fs'
import { join } from 'node:path'
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

/** The result of an invocation: the function's response as JSON, or an error. */
export type InvocationResult =
  | { payload: string; error?: never; throttled?: never }
  | { error: FunctionError; payload?: never; throttled?: true }

/** The part of an invocation record that describes the result. */
export const contextOf = (outcome: InvocationResult) => ({
  statusCode: 200,
  executedVersion: '$LATEST',
  ...(outcome.error && { functionError: 'Unhandled' }),
})

/** An execution environment: a loaded handler that handles one event at a time. */
export interface Environment {
  invoke(requestId: string, event: string): Promise<InvocationResult>
  /** Ends it at once, also during an event. */
  kill(error: FunctionError): void
  readonly ended: boolean
  /** Resolves when the handler is loaded or cannot be loaded. */
  readonly ready: Promise<void>
}

export interface EnvironmentOptions {
  clock: Clock
  /** JavaScript source of the worker. */
  source: string
  variables: Record<string, string>
  print: (line: string) => void
  onEventBegin: () => void
  onEventEnd: () => void
  /** Called once, when the environment ends. */
  onEnd: () => void
}

type Message =
  | { ready: true }
  | { failed: FunctionError }
  | { requestId: string; payload: string }
  | { requestId: string; error: FunctionError }
  | { output: string }

/** Lambda allows ten seconds to load a handler. */
const initTimeoutMs = 10_000

/** Starts a worker thread that loads the handler of a function. */
export function startEnvironment(fn: LambdaFunction, options: EnvironmentOptions): Environment {
  const { clock } = options
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(options.source)}`), {
    workerData: { ...handlerOf(fn), name: fn.name, arn: fn.arn, memory: fn.memory },
    env: options.variables,
    // Without this the worker would inherit the loaders of the runner.
    execArgv: (options.variables.NODE_OPTIONS ?? '').split(' ').filter(Boolean),
    resourceLimits: heapOf(fn.memory),
    stdout: true,
    stderr: true,
  })
  const output = lines(options.print)
  worker.stdout.setEncoding('utf8').on('data', output.take)
  const errors = lines(options.print)
  worker.stderr.setEncoding('utf8').on('data', errors.take).on('end', errors.end)

  let endError: FunctionError | undefined
  let settle: ((outcome: InvocationResult) => void) | undefined
  let becameReady = () => {}
  const ready = new Promise<void>((resolve) => {
    becameReady = resolve
  })
  const kill = (error: FunctionError) => {
    if (!endError) options.onEnd()
    endError ??= error
    settle?.({ error: endError })
    becameReady()
    void worker.terminate()
  }
  const cancelInit = clock.after(initTimeoutMs, () => kill(failure('Sandbox.Timedout', 'Init timed out')))

  worker.on('message', (message: Message) => {
    if ('output' in message) output.take(message.output)
    else if ('ready' in message) becameReady()
    else if ('failed' in message) kill(message.failed)
    else settle?.(message)
  })
  worker.on('error', (error: NodeJS.ErrnoException) => kill(failureOf(error)))
  worker.on('exit', () => {
    output.end()
    kill(failure('Runtime.ExitError', 'Runtime exited without providing a reason'))
  })
  void ready.then(cancelInit)

  return {
    get ended() {
      return endError !== undefined
    },
    ready,
    kill,
    async invoke(requestId, event) {
      if (endError) return { error: endError }
      return new Promise<InvocationResult>((resolve) => {
        const seconds = (fn.timeoutMs / 1000).toFixed(2)
        const cancel = clock.after(fn.timeoutMs, () =>
          kill(failure('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`)),
        )
        settle = (outcome) => {
          settle = undefined
          cancel()
          options.onEventEnd()
          resolve(outcome)
        }
        options.onEventBegin()
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

const failureOf = ({ code, message }: NodeJS.ErrnoException) =>
  code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? failure('Runtime.OutOfMemory', 'Runtime exited with error: signal: killed')
    : failure('Runtime.UnhandledPromiseRejection', message)

function handlerOf(fn: LambdaFunction): { file: string; handler: string } {
  const dot = fn.handler.lastIndexOf('.')
  const base = join(fn.folder, fn.handler.slice(0, dot))
  const file = ['.mjs', '.js', '.cjs'].map((extension) => base + extension).find(existsSync) ?? `${base}.mjs`
  return { file: pathToFileURL(file).href, handler: fn.handler.slice(dot + 1) }
}

/** Divides text that comes in pieces into lines. The last one may lack its end, when the environment was killed. */
function lines(print: (line: string) => void) {
  let rest = ''
  return {
    take(text: string): void {
      const complete = (rest + text).split('\n')
      rest = complete.pop() ?? ''
      for (const line of complete) print(line)
    },
    end(): void {
      if (rest !== '') print(rest)
      rest = ''
    },
  }
}
