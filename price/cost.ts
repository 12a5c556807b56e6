import { help, parse } from './arguments.ts'
import { answer } from './command.ts'
import { costOf, costText } from './cost-report.ts'
import { readCounts } from './counts.ts'
import { workloadArguments } from './workload.ts'

const what = `What a month costs, in US dollars.

    npm run cost -- --users 1000 --rooms 50 --messages 50000`

answer((argv) => {
  const asked = parse(workloadArguments, argv)
  if (asked.help) return help(what, workloadArguments)
  const cost = costOf(readCounts(), asked)
  return asked.json ? JSON.stringify(cost, null, 2) : costText(cost)
})
