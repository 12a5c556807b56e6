import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transform } from 'esbuild'
import type { Clock } from '../clock.ts'
import type { Allows } from '../grants.ts'
import type { LambdaFunction } from '../template/functions.ts'
import { account, region } from '../template/resources.ts'
import type { Usage } from '../usage.ts'
import { failure, type Outcome, startEnvironment } from './environment.ts'
import { functionPool, type Pool } from './pool.ts'

/** Who signs a request: an execution environment, known by its access key. */
export interface Caller {
  function: string
  /** The ARN an access error names. */
  principal: string
  allows: Allows
  /** Ends the environment as a crash of the machine would. */
  kill(): void
}

export interface Functions {
  invoke(arn: string, event: unknown): Promise<Outcome>
  /** The signer of a request, by its Authorization header. */
  caller(authorization: string | undefined): Caller | undefined
  /** Credentials that act as a function, for tests and measurements from outside. */
  credentials(name: string): { accessKeyId: string; secretAccessKey: string; sessionToken: string }
  stop(): void
}

export interface FunctionsOptions {
  root: string
  functions: LambdaFunction[]
  grants: Map<string, Allows>
  dynamodb: string
  concurrency: number
  clock: Clock
  usage: Usage
  log: (line: string) => void
  /** Whether what functions print is shown. */
  verbose: boolean
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const accessKey = () => `ASIA${Array.from(randomBytes(16), (byte) => letters[byte % 32]).join('')}`

export async function startFunctions(options: FunctionsOptions): Promise<Functions> {
  const { functions, clock, usage, log } = options
  const source = await workerSource(options.root)
  const callers = new Map<string, Caller>()
  const enrol = (fn: LambdaFunction, kill: () => void) => {
    const accessKeyId = accessKey()
    const roleName = fn.role.slice(fn.role.lastIndexOf('/') + 1)
    callers.set(accessKeyId, {
      function: fn.name,
      principal: `arn:aws:sts::${account}:assumed-role/${roleName}/${fn.name}`,
      allows: options.grants.get(fn.role) ?? (() => false),
      kill,
    })
    return { accessKeyId, secretAccessKey: 'local', sessionToken: 'local' }
  }
  const start = (fn: LambdaFunction) => {
    const killed = failure('Runtime.ExitError', 'RequestId: Error: Runtime exited with error: signal: killed')
    const credentials = enrol(fn, () => environment.kill(killed))
    const environment = startEnvironment(fn, {
      clock,
      source,
      print: options.verbose ? (line) => log(`${fn.name}: ${line}`) : () => {},
      variables: { ...platform(fn, credentials, options.dynamodb), ...fn.environment },
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
        start: () => start(fn),
        usage,
        log,
      }),
    )
  }
  return {
    async invoke(arn, event) {
      const pool = pools.get(arn)
      if (!pool) throw new Error(`The template has no function ${arn}`)
      return pool.invoke(event)
    },
    caller: (authorization) => callers.get(/Credential=([A-Z0-9]+)\//.exec(authorization ?? '')?.[1] ?? ''),
    credentials(name) {
      const fn = functions.find((item) => item.name === name)
      if (!fn) throw new Error(`The template has no function ${name}`)
      return enrol(fn, () => {})
    },
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
function platform(
  fn: LambdaFunction,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string },
  dynamodb: string,
): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
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
