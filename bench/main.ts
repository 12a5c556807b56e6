import { join } from 'node:path'
import { broadcast } from './broadcast/broadcast.ts'
import { coldStart } from './cold-start.ts'
import { contention } from './contention.ts'
import { growth } from './growth/growth.ts'
import { memory } from './memory/memory.ts'
import { posting } from './posting/posting.ts'
import { price } from './price.ts'
import { type Findings, progress, write } from './report.ts'
import { sideBySide } from './side-by-side/side-by-side.ts'
import { size } from './size/size.ts'
import { startUp } from './start-up.ts'
import { storm } from './storm/storm.ts'
import { verbs } from './verbs.ts'

const parts: { [name: string]: () => Promise<string | Findings> } = {
  verbs,
  size,
  growth,
  contention,
  posting,
  broadcast,
  storm,
  memory,
  'side-by-side': sideBySide,
  'cold-start': coldStart,
  'start-up': startUp,
  price,
}

const asked = process.argv.slice(2)
const names = asked.length > 0 ? asked : Object.keys(parts)
const unknown = names.filter((name) => !(name in parts))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}.`)
  process.exit(1)
}

// Whatever ends this ends by a word of its own, which takes along what was started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

for (const [at, name] of names.entries()) {
  progress(`${name} (${at + 1} of ${names.length})`)
  const found = await parts[name]?.()
  if (found === undefined) continue
  const findings = typeof found === 'string' ? { text: found } : found
  // Written as it comes, so that what was measured is kept whatever happens to the next part.
  write(join('bench', 'README.md'), [{ name, ...findings }])
  console.log(`\n${findings.text}\n`)
}
