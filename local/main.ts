import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { list, object, parse } from './json.ts'
import { type RunSettings, readSettings } from './settings.ts'
import { readSite } from './site.ts'

function settingsOrEnd(): RunSettings {
  try {
    return readSettings(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  }
}

const settings = settingsOrEnd()
// What follows takes seconds, the imports among them.
console.log('Starting: building the functions and opening the database …')
const { startLocal } = await import('./start.ts')
const root = process.cwd()
const { localRun } = object(parse(readFileSync(join(root, 'package.json'), 'utf8')))
const site = readSite(object(localRun).site, root)
const starting = new AbortController()
const running = startLocal({
  root,
  ...settings,
  progress: console.log,
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
