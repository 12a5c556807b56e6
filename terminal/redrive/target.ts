import { Failure, reasonOf, UsageError } from '../command/failure.ts'

/** The dead-letter queue, the function that delivers messages, and the settings of the AWS clients for both. */
export interface Target {
  queue: string
  worker: string
  client: { endpoint?: string; region?: string; credentials?: { accessKeyId: string; secretAccessKey: string } }
}

export interface TargetOptions {
  queue: string | undefined
  function: string | undefined
  local: string | undefined
}

const defaultLocalRun = 'http://127.0.0.1:3000'

/** A deployment if its queue and its function are given, otherwise a local run. */
export async function targetOf({ queue, function: worker, local }: TargetOptions): Promise<Target> {
  if (queue === undefined && worker === undefined) return atLocalRun(local ?? defaultLocalRun)
  if (queue === undefined) throw new UsageError('--function needs --queue as well.')
  if (worker === undefined) throw new UsageError('--queue needs --function as well.')
  if (local !== undefined) throw new UsageError('--local cannot be used with --queue and --function.')
  return { queue, worker, client: {} }
}

/** A local run gives the access key `operator` all permissions on its own machine. */
async function atLocalRun(local: string): Promise<Target> {
  const endpoint = local.replace(/\/+$/, '')
  const { UndeliveredQueue: queue, DeliverFunction: worker } = await outputsAt(endpoint).catch((error: unknown) => {
    throw new Failure(`No local run answers at ${endpoint}: ${reasonOf(error).replace(/\.$/, '')}.`, 'unreachable')
  })
  if (queue === undefined || worker === undefined)
    throw new Failure(`The local run at ${endpoint} has no queue of undelivered messages.`, 'misconfigured')
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' }
  return { queue, worker, client: { endpoint, region: 'us-east-1', credentials } }
}

async function outputsAt(endpoint: string): Promise<Record<string, string>> {
  const response = await fetch(`${endpoint}/_local/outputs`, { signal: AbortSignal.timeout(4000) })
  const text = await response.text()
  if (!response.ok) throw new Error(`it answers ${response.status}`)
  return JSON.parse(text)
}
