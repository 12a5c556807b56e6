import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { list, object, parse } from './json.ts'
import { readSite } from './site.ts'
import { startLocal } from './start.ts'

// APP       another app command than cdk.json's
// PORT      3000 unless it is set; 0 takes any free one
// DATA      file that keeps the tables and the issuer's key; without it they end with the run
// DYNAMODB_ENDPOINT  another DynamoDB than the embedded one
// FAULTS, SEED       what shall go wrong, as in dropDisconnect:0.3,post429:0.05,kill:Send:3:after, and which run of it
// LOG       anything: shows what the functions print
const { APP, PORT, DATA, DYNAMODB_ENDPOINT, SEED, FAULTS, LOG } = process.env
const root = process.cwd()
const { localRun } = object(parse(readFileSync(join(root, 'package.json'), 'utf8')))
const site = readSite(object(localRun).site, root)
const starting = new AbortController()
const running = startLocal({
  root,
  app: APP || undefined,
  port: Number(PORT ?? 3000),
  data: DATA || undefined,
  dynamodbEndpoint: DYNAMODB_ENDPOINT || undefined,
  seed: Number(SEED ?? 1),
  faults: FAULTS ?? '',
  verbose: Boolean(LOG),
  site,
  signal: starting.signal,
})

async function end(): Promise<void> {
  starting.abort()
  await running.then((local) => local.stop()).catch(() => {})
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end())

try {
  const { url, origin } = await running
  if (site) console.log(`Page: ${origin}/`)
  console.log(`Ready: ${url}`)
  for (const line of list(object(localRun).try)) {
    console.log(String(line).replaceAll('{url}', url).replaceAll('{origin}', origin))
  }
} catch (error) {
  if (!starting.signal.aborted) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
