import type { Command } from '../../terminal/command/command.ts'
import { json } from '../../terminal/command/options.ts'
import { start } from '../../terminal/command/start.ts'
import { readCounts } from '../price/counts.ts'
import { scaleOf, scaleOptions, scaleText } from './report.ts'

const options = { ...scaleOptions, json }

const scale: Command<typeof options> = {
  name: 'scale',
  about: `Says how many cells carry so many people and what they cost, and lets two Regions talk in one room by the rules of the
functions, over tables of each kind.`,
  options,
  examples: ['npm run scale -- --users 1000000', 'npm run scale -- --replication 200 --rate 5 --seed 7'],
  async run({ values, output }) {
    const found = await scaleOf(readCounts(), values)
    await output.print(values.json ? JSON.stringify(found, null, 2) : scaleText(found))
    return 0
  },
}

await start(scale)
