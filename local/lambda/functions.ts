import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transform } from 'esbuild'
import type { Clock } from '../clock.ts'
import type { Platform } from '../cloudwatch/platform.ts'
import type { Faults } from '../faults/faults.ts'
import { killFor } from '../faults/kills.ts'
import type { Allows } from '../iam/grants.ts'
import type { Caller, Callers, Credentials } from '../iam/identities.ts'
import type { LambdaFunction } from '../template/functions.ts'
import { account, region } from '../template/resources.ts'
import type { Usage } from '../usage.ts'
import { failure, type InvocationResult, startEnvironment } from './environment.ts'
import { functionPool, type Pool } from './pool.ts'

export interface Functions {
  invoke(arn: string, payload: string, requestId?: string): Promise<InvocationResult>
  /** The function with this name or ARN. */
  find(name: string): LambdaFunction | undefined
  /** The function with this name or ARN. Throws if there is none. */
  get(name: string): LambdaFunction
  /** The function with this name or ARN, or the first one whose logical id begins with it. Throws if there is none. */
  getByPrefix(name: string): LambdaFunction
  /** Credentials of a function's role, for tests and measurements outside the function. */
  credentials(name: string): Credentials
  stop(): void
}

export interface FunctionsOptions {
  root: string
  functions: LambdaFunction[]
  grants: Map<string, Allows>
  callers: Callers
  /** Address under which this machine serves the AWS APIs. */
  origin: string
  concurrency: number
  clock: Clock
  usage: Usage
  platform: Platform
  faults: Faults
  log: (line: string) => void
  /** Whether the output of functions is logged. */
  verbose: boolean
  /** Receives each line that a function writes, as CloudWatch Logs does. */
  onLine?: ((functionName: string, line: string) => void) | undefined
}

/** How long credentials stay valid after the end of an environment, for calls that it had already sent. */
const credentialsLifeMs = 15 * 60_000

/** Runs the functions of a template in pools of environments. */
export async function startFunctions(options: FunctionsOptions): Promise<Functions> {
  const { functions, clock, usage, faults, log } = options
  const source = await workerSource(options.root)
  const callerFor = (fn: LambdaFunction, kill: () => void): Caller => ({
    function: fn.name,
    principal: `arn:aws:sts::${account}:assumed-role/${fn.role.slice(fn.role.lastIndexOf('/') + 1)}/${fn.name}`,
    allows: options.grants.get(fn.role) ?? (() => false),
    kill,
  })
  const start = (fn: LambdaFunction) => {
    const killed = failure('Runtime.ExitError', 'RequestId: Error: Runtime exited with error: signal: killed')
    const caller = callerFor(fn, () => environment.kill(killed))
    const credentials = options.callers.register(caller)
    const environment = startEnvironment(fn, {
      clock,
      source,
      onEventBegin: () => {
        caller.pendingKill = killFor(faults.kills, fn)
      },
      onEventEnd: () => {
        if (caller.pendingKill) caller.pendingKill.finished = true
        caller.pendingKill = undefined
      },
      onEnd: () => void clock.after(credentialsLifeMs, () => options.callers.remove(credentials)),
      print: (line) => {
        options.onLine?.(fn.name, line)
        if (options.verbose) log(`${fn.name}: ${line}`)
      },
      variables: { ...lambdaVariables(fn, credentials, options.origin), ...fn.environment },
    })
    return environment
  }
  const pools = new Map<string, Pool>()
  for (const fn of functions) {
    pools.set(
      fn.arn,
      functionPool({
        name: fn.name,
        reserved: fn.reserved,
        limit: options.concurrency,
        clock,
        start: () => start(fn),
        usage,
        platform: options.platform,
        fails: () => faults.happens('failFunction', `${fn.id} ${fn.name}`),
        log,
      }),
    )
  }
  const find = (name: string) => functions.find((fn) => fn.name === name || fn.arn === name.replace(/:\$LATEST$/, ''))
  const required = (name: string, fn: LambdaFunction | undefined) => {
    if (!fn) throw new Error(`The template has no function ${name}`)
    return fn
  }
  const get = (name: string) => required(name, find(name))
  const getByPrefix = (name: string) => required(name, find(name) ?? functions.find(({ id }) => id.startsWith(name)))
  return {
    async invoke(arn, payload, requestId) {
      const pool = pools.get(arn)
      if (!pool) throw new Error(`The template has no function ${arn}`)
      return pool.invoke(payload, requestId)
    },
    find,
    get,
    getByPrefix,
    credentials: (name) => options.callers.register(callerFor(getByPrefix(name), () => {})),
    stop() {
      for (const pool of pools.values()) pool.stop()
    },
  }
}

/** JavaScript of the worker. It runs from a data URL, so it needs no loader, however the runner was started. */
async function workerSource(root: string): Promise<string> {
  const source = await readFile(join(root, 'local/lambda/worker.ts'), 'utf8')
  const { code } = await transform(source, { loader: 'ts', target: 'node20' })
  return code
}

/** The environment variables that Lambda sets. */
function lambdaVariables(fn: LambdaFunction, credentials: Credentials, origin: string): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: origin,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: origin,
    AWS_ENDPOINT_URL_LAMBDA: origin,
    AWS_ENDPOINT_URL_SQS: origin,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memory),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    LAMBDA_TASK_ROOT: fn.folder,
    _HANDLER: fn.handler,
    TZ: ':UTC',
  }
}
