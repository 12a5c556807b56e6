import { join } from 'node:path'
import type { Command } from '../../terminal/command/command.ts'
import type { Options } from '../../terminal/command/options.ts'
import { start } from '../../terminal/command/start.ts'
import { abuse } from './abuse/abuse.ts'
import { broadcast } from './broadcast/broadcast.ts'
import { coldStart } from './cold-start.ts'
import { contention } from './contention.ts'
import { growth } from './growth/growth.ts'
import { memory } from './memory/memory.ts'
import { posting } from './posting/posting.ts'
import { price } from './price.ts'
import { progress } from './progress.ts'
import { write } from './readme.ts'
import type { Findings } from './report.ts'
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
  abuse,
  memory,
  'side-by-side': sideBySide,
  'cold-start': coldStart,
  'start-up': startUp,
  price,
}

const bench: Command<Options> = {
  name: 'bench',
  about: `Measures parts of the system, or all of them, and writes their tables into tools/bench/README.md.
Standard error tells how far it is.`,
  options: {},
  words: { name: 'part', choices: Object.keys(parts), meaning: 'what to measure; everything where none is given' },
  notes: [
    'CROWD=1000 makes the crowds of broadcast and memory smaller, STORM=500 that of storm. ABUSE=10 attacks for 10 seconds, not 60.',
  ],
  exits: { 130: 'stopped by a signal' },
  examples: ['npm run bench', 'npm run bench -- verbs size'],
  async run({ words, output }) {
    const names = words.length > 0 ? words : Object.keys(parts)
    for (const [at, name] of names.entries()) {
      progress(`${name} (${at + 1} of ${names.length})`)
      const found = await parts[name]?.()
      if (found === undefined) continue
      const findings = typeof found === 'string' ? { text: found } : found
      // Written at once, so that it is kept if the next part fails.
      write(join('tools', 'bench', 'README.md'), name, findings)
      await output.print(`\n${findings.text}\n`)
    }
    return 0
  },
}

// An exit runs the handlers that end the started programs; the default action of a signal does not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

await start(bench)
