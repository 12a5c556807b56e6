import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { buildOptions, bundle } from '../../infra/bundle.ts'
import { functions, otherFunctions } from '../../infra/functions.ts'
import { env } from '../../lambdas/bindings.ts'
import { median } from './percentiles.ts'
import { progress } from './progress.ts'
import { type Cell, rounded, table, verdict } from './report.ts'

const rounds = 11
const most = 1.25

/** Users wait for these four, so their load time has a target; the size of each bundle has one. */
const withLoadTarget = new Set(['send', 'join', 'leave', 'connect'])

const dynamodb = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'\nexport const client = new DynamoDBClient({})\n`
const management = `import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi'
export const posts = new ApiGatewayManagementApiClient({ endpoint: 'https://127.0.0.1' })\n`

/** The minimum of a function that uses DynamoDB, the same with both clients, and the load time of Node itself. */
const references = {
  'DynamoDB client alone': dynamodb,
  'both SDK clients alone': dynamodb + management,
  'empty module': '',
}
const [floor] = Object.keys(references)

interface Measured {
  name: string
  file: string
  bytes: number
  zipped: number
  loads: Load[]
}

/** Milliseconds of an import: wall time and processor time. */
interface Load {
  wall: number
  processor: number
}

/** The size of each function and its load time in a new process, compared with a bundle of the DynamoDB client. */
export async function coldStart(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const root = process.cwd()
    progress('cold-start: bundling')
    const bundled = bundle(root, folder)
    const names = [...functions, ...otherFunctions].map(({ name }) => name)
    const bundles = [
      ...Object.entries(references).map(([name, source]) =>
        measuredAt(name, referenceBundle(root, folder, name, source)),
      ),
      ...names.map((name) => measuredAt(name, join(bundled, name, 'index.mjs'))),
    ]
    for (let round = 1; round <= rounds; round++) {
      progress(`cold-start: round ${round} of ${rounds}, ${bundles.length} fresh processes`)
      for (const { file, loads } of bundles) loads.push(loadTime(file))
    }
    const base = bundles.find(({ name }) => name === floor)
    if (!base) throw new Error('The reference bundle is missing.')
    const head = ['function', 'bytes', 'gzip', 'ratio', 'target', 'load ms', 'processor ms', 'ratio', 'target']
    return table(
      head,
      bundles.map((line) => cells(line, base)),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function cells(line: Measured, base: Measured): Cell[] {
  const { name, bytes, zipped, loads } = line
  const processor = (of: Measured) => median(of.loads.map((load) => load.processor))
  const size = bytes / base.bytes
  const load = rounded(processor(line) / processor(base))
  return [
    name,
    bytes,
    zipped,
    rounded(size),
    name in references ? '' : verdict(rounded(size), most),
    rounded(median(loads.map(({ wall }) => wall))),
    rounded(processor(line)),
    load,
    withLoadTarget.has(name) ? verdict(load, most) : '',
  ]
}

function measuredAt(name: string, file: string): Measured {
  const contents = readFileSync(file)
  return { name, file, bytes: contents.length, zipped: gzipSync(contents).length, loads: [] }
}

/** Built with the options of the functions, but with the SDK's own search for credentials. */
function referenceBundle(root: string, folder: string, name: string, contents: string): string {
  const outfile = join(folder, 'references', `${name.replaceAll(' ', '-')}.mjs`)
  buildSync({ ...buildOptions, alias: {}, stdin: { contents, resolveDir: root, loader: 'ts' }, outfile })
  return outfile
}

const probe = `const [at, used] = [performance.now(), process.cpuUsage()]
await import(process.argv[1])
const { user, system } = process.cpuUsage(used)
console.log(JSON.stringify({ wall: performance.now() - at, processor: (user + system) / 1000 }))`

/** The environment variables of a function, so that it loads as in the cloud. */
const variables = {
  ...Object.fromEntries(Object.values(env).map((variable) => [variable, 'https://127.0.0.1'])),
  [env.quotas]: '{}',
  [env.otherIssuers]: '[]',
  [env.tokenKeys]: '',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
}

function loadTime(file: string): Load {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', probe, pathToFileURL(file).href],
    { env: variables, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`${file} did not load: ${stderr}`)
  return JSON.parse(stdout)
}
