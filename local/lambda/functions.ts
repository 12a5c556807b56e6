import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transform } from 'esbuild'
import type { Clock } from '../clock.ts'
import type { Faults } from '../faults/faults.ts'
import { chosenFor } from '../faults/kills.ts'
import type { Allows } from '../iam/grants.ts'
import type { Caller, Callers, Credentials } from '../iam/identities.ts'
import type { LambdaFunction } from '../template/functions.ts'
import { account, region } from '../template/resources.ts'
import type { Usage } from '../usage.ts'
import { failure, type Outcome, startEnvironment } from './environment.ts'
import { functionPool, type Pool } from './pool.ts'

export interface Functions {
  invoke(arn: string, payload: string, requestId?: string): Promise<Outcome>
  /** The function of that name or ARN. */
  find(name: string): LambdaFunction | undefined
  /** The same where there must be one. */
  named(name: string): LambdaFunction
  /** The function of that name, or the one whose name in the template begins so. */
  meant(name: string): LambdaFunction
  /** Credentials that act as a function, for tests and measurements from outside. */
  credentials(name: string): Credentials
  stop(): void
}

export interface FunctionsOptions {
  root: string
  functions: LambdaFunction[]
  grants: Map<string, Allows>
  callers: Callers
  /** Where AWS is on this machine. */
  origin: string
  concurrency: number
  clock: Clock
  usage: Usage
  faults: Faults
  log: (line: string) => void
  /** Whether what functions print is shown. */
  verbose: boolean
}

/** So long may something still be under way that an environment has sent before its end. */
const afterlifeMs = 15 * 60_000

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
    const credentials = options.callers.enrol(caller)
    const environment = startEnvironment(fn, {
      clock,
      source,
      began: () => {
        caller.doomed = chosenFor(faults.kills, fn)
      },
      finished: () => {
        if (caller.doomed) caller.doomed.finished = true
        caller.doomed = undefined
      },
      gone: () => void clock.after(afterlifeMs, () => options.callers.dismiss(credentials)),
      print: options.verbose ? (line) => log(`${fn.name}: ${line}`) : () => {},
      variables: { ...platform(fn, credentials, options.origin), ...fn.environment },
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
        log,
      }),
    )
  }
  const find = (name: string) => functions.find((fn) => fn.name === name || fn.arn === name.replace(/:\$LATEST$/, ''))
  const known = (name: string, fn: LambdaFunction | undefined) => {
    if (!fn) throw new Error(`The template has no function ${name}`)
    return fn
  }
  const named = (name: string) => known(name, find(name))
  const meant = (name: string) => known(name, find(name) ?? functions.find(({ id }) => id.startsWith(name)))
  return {
    async invoke(arn, payload, requestId) {
      const pool = pools.get(arn)
      if (!pool) throw new Error(`The template has no function ${arn}`)
      return pool.invoke(payload, requestId)
    },
    find,
    named,
    meant,
    credentials: (name) => options.callers.enrol(callerFor(meant(name), () => {})),
    stop() {
      for (const pool of pools.values()) pool.stop()
    },
  }
}

/** The worker runs as a data URL: no loader, the same under every way of starting the runner. */
async function workerSource(root: string): Promise<string> {
  const written = await readFile(join(root, 'local/lambda/worker.ts'), 'utf8')
  const { code } = await transform(written, { loader: 'ts', target: 'node20' })
  return code
}

/** The variables Lambda itself sets. */
function platform(fn: LambdaFunction, credentials: Credentials, origin: string): Record<string, string> {
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
