import type { Command } from '../command/command.ts'
import { visit } from './checks/visit.ts'
import { aboutPeople, exits, settingsOf, siteOptions } from './options.ts'
import { runChecks } from './run.ts'

export const smoke: Command<typeof siteOptions> = {
  name: 'smoke',
  about: 'Goes once through what a client does: connect, join, send, see, resume, leave. It takes seconds.',
  options: siteOptions,
  notes: [aboutPeople],
  exits,
  examples: ['npm run --silent smoke', 'npm run --silent smoke -- --endpoint wss://… --tokens tokens.json'],
  run: ({ values, output }) => {
    const { tokens, timeout } = values
    return runChecks({ settings: settingsOf('smoke', values), checks: { visit }, tokens, timeout, output })
  },
}
