import type { Command } from '../../terminal/command/command.ts'
import { json } from '../../terminal/command/options.ts'
import { start } from '../../terminal/command/start.ts'
import { capacityOf, capacityOptions, capacityText } from './capacity-report.ts'
import { readCounts } from './counts.ts'

const options = { ...capacityOptions, json }

const capacity: Command<typeof options> = {
  name: 'capacity',
  about: 'Says what the quotas of an account allow, with the arithmetic.',
  options,
  examples: [
    'npm run capacity -- --members 10000 --connections-per-second 5000',
    'npm run --silent capacity -- --json | jq .allowed',
  ],
  async run({ values, output }) {
    const found = capacityOf(readCounts(), values)
    await output.print(values.json ? JSON.stringify(found, null, 2) : capacityText(found))
    return 0
  },
}

await start(capacity)
