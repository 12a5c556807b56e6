// Runs in a worker thread, from a data URL, so it can import only modules of Node.
import { inspect } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'

interface Start {
  file: string
  handler: string
  name: string
  arn: string
  memory: number
}

interface Invocation {
  requestId: string
  event: string
  remaining: number
}

type Handler = (event: unknown, context: unknown, callback?: unknown) => unknown

const start: Start = workerData
const send = (message: unknown) => parentPort?.postMessage(message)

// The stream of a worker holds back what follows until the runner has asked for it, and loses that when the worker is
// killed. A message is complete, and comes before the result of its event.
process.stdout.write = (chunk: Uint8Array | string, ...more: unknown[]): boolean => {
  send({ output: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() })
  const done = more.find((argument) => typeof argument === 'function')
  if (done) queueMicrotask(() => done())
  return true
}

/** An error in the form in which Lambda reports it. */
function failure(thrown: unknown) {
  if (!(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: typeof thrown === 'string' ? thrown : inspect(thrown), trace: [] }
  }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') }
}

function contextOf({ requestId, remaining }: Invocation) {
  const deadline = Date.now() + remaining
  return {
    awsRequestId: requestId,
    functionName: start.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.arn,
    memoryLimitInMB: String(start.memory),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  }
}

async function run(handler: Handler, invocation: Invocation): Promise<void> {
  const { requestId } = invocation
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation))
    // Lambda returns null for a function without a result.
    send({ requestId, payload: JSON.stringify(result) ?? 'null' })
  } catch (thrown) {
    send({ requestId, error: failure(thrown) })
  }
}

try {
  const module = await import(start.file)
  const handler: unknown = module[start.handler]
  if (typeof handler !== 'function') {
    const error = new Error(`${start.handler} is undefined or not exported`)
    error.name = 'Runtime.HandlerNotFound'
    throw error
  }
  parentPort?.on('message', (invocation: Invocation) => void run(handler as Handler, invocation))
  send({ ready: true })
} catch (thrown) {
  send({ failed: failure(thrown) })
}
