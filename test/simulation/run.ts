import { campaign } from './campaign.ts'

// A long run, twice as fast as with the test runner: node --import tsx test/simulation/run.ts [messages] [first seed]
const [messages = '10000000', firstSeed = '1'] = process.argv.slice(2)
const startedAt = performance.now()
const { rooms, counts, found } = await campaign(Number(messages), undefined, Number(firstSeed))
const perSecond = Math.round((1000 * counts.of('message')) / (performance.now() - startedAt))
process.stdout.write(`${rooms} rooms, ${perSecond} messages a second: ${counts}\n`)
if (found) {
  const { seed, plan, violations } = found
  process.stdout.write(`${JSON.stringify({ plan, violations: violations.slice(0, 10) }, undefined, 2)}\n`)
  process.stdout.write(`replay: SEED=${seed} npx jest test/simulation/append\n`)
  process.exitCode = 1
}
