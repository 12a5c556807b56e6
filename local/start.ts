import { rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { resolve as resolvePath } from 'node:path'
import { type Clock, type MovedClock, systemClock } from './clock.ts'
import { readAlarms } from './cloudwatch/alarm.ts'
import { readDashboards, type Widget } from './cloudwatch/dashboard.ts'
import { platformMetrics } from './cloudwatch/platform.ts'
import { type CloudWatch, startCloudWatch } from './cloudwatch/start.ts'
import { startEngine } from './dynamodb/engine.ts'
import { databaseAt } from './dynamodb/forward.ts'
import { databaseProxy } from './dynamodb/proxy.ts'
import { createTables } from './dynamodb/tables.ts'
import { startEvents } from './events.ts'
import { type Faults, seededFaults } from './faults/faults.ts'
import { startGateway } from './gateway/start.ts'
import { awsCalls } from './iam/calls.ts'
import { readGrants } from './iam/grants.ts'
import { callerRegistry } from './iam/identities.ts'
import { inspection } from './inspection.ts'
import { startIssuer } from './issuer.ts'
import { functionApi } from './lambda/api.ts'
import { type Functions, startFunctions } from './lambda/functions.ts'
import { listen } from './listen.ts'
import type { Origins } from './origins.ts'
import { pageAccess } from './pages.ts'
import { scratchFolder } from './scratch.ts'
import { type Site, siteHandler } from './site.ts'
import { queueApi } from './sqs/api.ts'
import { queueGauges } from './sqs/gauges.ts'
import { type Queues, startQueues } from './sqs/start.ts'
import { streamApi } from './streams/api.ts'
import { capture } from './streams/capture.ts'
import { startStreams } from './streams/start.ts'
import { readApi } from './template/api.ts'
import { readAsyncSettings } from './template/async-settings.ts'
import { readEventSources } from './template/event-sources.ts'
import { readFunctions } from './template/functions.ts'
import { readAssembly, synthesize } from './template/load.ts'
import { readOutputs } from './template/outputs.ts'
import { readQueues } from './template/queues.ts'
import { resolverFor } from './template/resources.ts'
import { readTables } from './template/tables.ts'
import { readUserPool } from './template/user-pool.ts'
import { type Usage, usageRecord } from './usage.ts'

export interface LocalOptions {
  /** Folder of the project, whose cdk.json names the app to synthesize. */
  root?: string
  /** App command to use instead of the one in cdk.json. */
  app?: string | undefined
  /** Folder of an assembly to use instead of synthesizing one. */
  templateDir?: string
  /** 3000 by default; 0 takes any free port. */
  port?: number
  /** Other origins whose pages may use the run. */
  origins?: Origins
  /** More context for the synthesis, for a run at this address. */
  context?: (origin: string) => Record<string, string>
  /** Names of issuers to serve beside the user pool of the template. */
  issuers?: readonly string[]
  /** File that keeps the tables; without it they are kept in memory. */
  data?: string | undefined
  /** A DynamoDB to use instead of the embedded one. */
  dynamodbEndpoint?: string | undefined
  clock?: Clock
  /** The time of metrics and alarms, if it is another. */
  metricsClock?: Clock | MovedClock | undefined
  seed?: number
  faults?: string
  /** Maximum environments of a function without reserved concurrency. */
  concurrency?: number
  /** Length of a minute in the waits between retries; AWS would wait whole minutes. */
  minuteMs?: number
  /** Delay before the function gets a record of a stream, as polling would cause it. */
  pollMs?: number
  /** Whether the output of functions is logged; their errors always are. */
  verbose?: boolean
  /** Receives each line that a function writes: its log, with the metrics in it. */
  onLine?: ((functionName: string, line: string) => void) | undefined
  log?: (line: string) => void
  /** Receives one line for each step of the start. */
  progress?: (line: string) => void
  /** Files and documents to serve at the address of the run. */
  site?: Site | undefined
  /** Cancels the start. */
  signal?: AbortSignal
}

export interface Local {
  url: string
  origin: string
  /** Address of the database, behind the proxy. */
  database: string
  usage: Usage
  faults: Faults
  functions: Functions
  queues: Queues
  cloudwatch: CloudWatch
  /** The widgets of each dashboard of the template. */
  dashboards: Widget[][]
  /** Outputs of the template, by name. */
  outputs: Record<string, string>
  /** Resolves when every started `$disconnect` has ended. */
  settled(): Promise<void>
  stop(): Promise<void>
}

type Upgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void
type Handler = (request: IncomingMessage, response: ServerResponse) => boolean

/** Runs a synthesized stack on this machine. */
export async function startLocal(options: LocalOptions = {}): Promise<Local> {
  const root = options.root ?? process.cwd()
  const { clock = systemClock, log = console.error, signal = new AbortController().signal } = options
  const { origins = { listed: [], thisMachine: false }, progress = () => {} } = options
  const [usage, faults] = [usageRecord(), seededFaults(options.seed ?? 1, options.faults)]
  const cleanups: (() => unknown)[] = []
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }
  try {
    const handlers: Handler[] = []
    let upgrade: Upgrade = (_, socket) => void socket.destroy()
    const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
      if (!handlers.some((handler) => handler(request, response))) response.writeHead(404).end()
    })
    server.on('upgrade', (request, socket: Socket, head) => upgrade(request, socket, head))
    const port = await listen(server, options.port ?? 3000)
    cleanups.push(() => {
      server.close()
      server.closeAllConnections()
    })
    const origin = `http://127.0.0.1:${port}`
    const own = [origin, `http://localhost:${port}`]
    const pages = pageAccess({ own, origins, log })
    handlers.push(pages.guard)

    const data = options.data === undefined ? undefined : resolvePath(root, options.data)
    const starting = startEngine({ root, endpoint: options.dynamodbEndpoint, data })
    starting.catch(() => {})
    cleanups.push(() => starting.then((engine) => engine.stop()).catch(() => {}))

    const dir = options.templateDir ?? (await scratchFolder())
    if (!options.templateDir) {
      cleanups.push(() => rm(dir, { recursive: true, force: true }))
      const context = { ...options.context?.(origin), allowedOrigins: [...own, ...origins.listed].join(',') }
      await Promise.all([synthesize({ root, app: options.app, outDir: dir, context, signal }), starting])
    }
    const assembly = await readAssembly(dir)
    const { template } = assembly
    const resolve = resolverFor(assembly.stack, template, origin)
    const api = readApi(template, resolve)
    const [tables, pool] = [readTables(template, resolve), readUserPool(template, resolve)]
    const [grants, outputs] = [readGrants(template, resolve), readOutputs(template, resolve)]
    const callers = callerRegistry()
    progress(`Starting: making ${tables.length} tables and starting the functions …`)

    const streams = startStreams(tables, clock)
    const queues = startQueues(readQueues(template, resolve), clock)
    const metricsClock = options.metricsClock ?? clock
    const cloudwatch = startCloudWatch({
      clock: metricsClock,
      alarms: readAlarms(template, resolve),
      gauges: () => queueGauges(queues),
      log,
    })
    cleanups.push(cloudwatch.stop)
    const platform = platformMetrics({ now: metricsClock.now, put: cloudwatch.store.put }, api)
    const engine = await starting
    await createTables(engine.endpoint, tables)
    const database = databaseAt(engine.endpoint)
    cleanups.push(database.stop)

    const functions = await startFunctions({
      root,
      functions: readFunctions(assembly, resolve),
      grants,
      callers,
      origin,
      concurrency: options.concurrency ?? 16,
      clock,
      usage,
      platform,
      faults,
      log,
      verbose: options.verbose ?? false,
      onLine(name, line) {
        cloudwatch.line(name, line)
        options.onLine?.(name, line)
      },
    })
    cleanups.push(functions.stop)
    const arnOf = (name: string) => functions.get(name).arn
    const events = startEvents({
      functions,
      queues,
      streams,
      settings: readAsyncSettings(template, resolve, arnOf),
      sources: readEventSources(template, resolve, arnOf),
      grants,
      clock,
      usage,
      platform,
      log,
      minuteMs: options.minuteMs ?? 1000,
      pollMs: options.pollMs ?? 0,
    })
    const keyFile = data === undefined ? undefined : `${data}.issuer.json`
    const issuer = await startIssuer({ origin, pool, others: options.issuers ?? [], keyFile, clock, faults })
    const invoke = (arn: string, event: unknown) => functions.invoke(arn, JSON.stringify(event))
    const caller = callers.find
    const domainName = `127.0.0.1:${port}`
    const gateway = startGateway({ api, domainName, clock, faults, usage, platform, log, invoke, caller })
    cleanups.push(gateway.stop)
    const url = `${origin.replace('http', 'ws')}/${api.stage}`
    const apis = [functionApi(functions, events), queueApi(queues), streamApi(streams.all)]
    const execute = capture(database.send, streams)
    handlers.push(gateway.management, databaseProxy({ callers, faults, usage, platform, log, execute }))
    handlers.push(awsCalls({ callers, faults, usage, log, apis }), issuer)
    if (options.site) handlers.push(siteHandler(options.site, { url, origin }))
    handlers.push(inspection({ url, usage, faults, outputs, cloudwatch, metricsClock }))
    upgrade = (request, socket, head) => gateway.upgrade(pages.withOwnOrigin(request), socket, head)
    signal.throwIfAborted()
    const { settled } = gateway
    const dashboards = readDashboards(template, resolve)
    return {
      url,
      origin,
      database: engine.endpoint,
      usage,
      faults,
      functions,
      queues,
      cloudwatch,
      dashboards,
      outputs,
      settled,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
