import { help, parse } from './arguments.ts'
import { capacityArguments, capacityOf, capacityText } from './capacity-report.ts'
import { answer } from './command.ts'
import { readCounts } from './counts.ts'

const what = `What the quotas of an account allow, with the arithmetic.

    npm run capacity -- --members 10000 --connections-per-second 5000`

answer((argv) => {
  const asked = parse(capacityArguments, argv)
  if (asked.help) return help(what, capacityArguments)
  const capacity = capacityOf(readCounts(), asked)
  return asked.json ? JSON.stringify(capacity, null, 2) : capacityText(capacity)
})
