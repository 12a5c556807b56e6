import type { Command } from '../../terminal/command/command.ts'
import { json } from '../../terminal/command/options.ts'
import { start } from '../../terminal/command/start.ts'
import { costOf, costText } from './cost-report.ts'
import { readCounts } from './counts.ts'
import { workloadOptions } from './workload.ts'

const options = { ...workloadOptions, json }

const cost: Command<typeof options> = {
  name: 'cost',
  about: 'Says what a month costs, in US dollars.',
  options,
  examples: [
    'npm run cost -- --users 1000 --rooms 50 --messages 50000',
    'npm run --silent cost -- --json | jq .bill.usd',
  ],
  async run({ values, output }) {
    const found = costOf(readCounts(), values)
    await output.print(values.json ? JSON.stringify(found, null, 2) : costText(found))
    return 0
  },
}

await start(cost)
