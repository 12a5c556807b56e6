import type { Command } from '../../terminal/command/command.ts'
import { json } from '../../terminal/command/options.ts'
import { start } from '../../terminal/command/start.ts'
import { readCounts } from './counts.ts'
import { watchingCost, watchingOptions, watchingText } from './watching-report.ts'

const options = { ...watchingOptions, json }

const watching: Command<typeof options> = {
  name: 'watching',
  about: 'Says what metrics, alarms, logs and the dashboard cost a month, in US dollars.',
  options,
  examples: ['npm run watching -- --users 1000 --rooms 50 --messages 50000', 'npm run watching -- --hours 24'],
  async run({ values, output }) {
    const found = watchingCost(readCounts(), values)
    await output.print(values.json ? JSON.stringify(found, null, 2) : watchingText(found))
    return 0
  },
}

await start(watching)
