import { chatCommands, chatContext, chatPage } from './chat.ts'
import { type RunSettings, readSettings } from './settings.ts'

function settingsOrExit(): RunSettings {
  try {
    return readSettings(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  }
}

const settings = settingsOrExit()
console.log('Starting: building the functions and opening the database …')
// This import takes seconds, so it follows the first line of output.
const { startLocal } = await import('./start.ts')
const root = process.cwd()
const starting = new AbortController()
const running = startLocal({
  root,
  ...settings,
  context: (origin) => ({ ...chatContext(settings.tokens)(origin), ...settings.context }),
  issuers: settings.tokens.issuers,
  progress: console.log,
  site: chatPage(root),
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
  console.log(`Page: ${origin}/`)
  console.log(`Alarms: ${origin}/_local/alarms`)
  console.log(`Ready: ${url}`)
  for (const command of chatCommands(url)) console.log(command)
} catch (error) {
  if (!starting.signal.aborted) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
