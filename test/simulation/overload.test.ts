import { rates } from '../../lambdas/budgets.ts'
import type { Weather } from './faults.ts'
import { type Overload, overload, type Told } from './overload.ts'

const limit = rates.room.perSecond
const loadEndsAt = 30_000
const recoveredAt = 40_000
const endsAt = 80_000

const rough: Partial<Weather> = {
  trouble: 0.01,
  crash: 0.002,
  slowStart: 0.02,
  lostFrame: 0.02,
  clientPatienceMs: 1500,
}

/** What was stored each second while the load lasted, the burst and the last moments left out. */
function goodput({ room }: Overload): number {
  const [opened, ...messages] = room.table.everything()
  const since = ({ sentAt }: { sentAt: number }) => sentAt - (opened?.sentAt ?? 0)
  const [from, to] = [5000, loadEndsAt - 1000]
  return (1000 * messages.filter((one) => since(one) >= from && since(one) < to).length) / (to - from)
}

function quantile(told: Told[], share: number): number {
  const times = told.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  return times[Math.ceil(share * times.length) - 1] ?? Number.NaN
}

const startedFrom = (told: Told[], from: number) => told.filter(({ startedAt }) => startedAt >= from)

describe('A room that is offered four times its limit for half a minute', () => {
  it.each([
    ['nothing goes wrong', { seed: 1 }],
    ['requests get lost and invocations die', { seed: 2, ...rough }],
    ['that happens again', { seed: 3, ...rough }],
  ])(
    'takes nine tenths of it all the while, and ten seconds later is as quick as ever, when %s',
    async (_, weather) => {
      const quiet = await overload(weather, 1, loadEndsAt, endsAt)
      const busy = await overload(weather, 4 * limit, loadEndsAt, endsAt)
      const [before, after] = [quiet, busy].map(({ few }) => startedFrom(few, recoveredAt))
      const { tally, table } = busy.room
      const each = (what: 'attempt' | 'put') => (tally.of(what) / table.head).toFixed(1)
      process.stderr.write(
        `${goodput(busy)} stored a second, ${each('attempt')} attempts and ${each('put')} puts each; ` +
          `afterwards half within ${quantile(after ?? [], 0.5).toFixed()} ms, four of five within ${quantile(after ?? [], 0.8).toFixed()} ms ` +
          `(without the load ${quantile(before ?? [], 0.5).toFixed()} and ${quantile(before ?? [], 0.8).toFixed()} ms)\n`,
      )
      expect([...quiet.violations, ...busy.violations]).toEqual([])
      expect(busy.crowd.length).toBeGreaterThan(3.8 * limit * (loadEndsAt / 1000))
      expect(goodput(busy)).toBeGreaterThanOrEqual(0.9 * limit)
      expect(goodput(busy)).toBeLessThanOrEqual(1.01 * limit)
      expect(after?.length).toBeGreaterThan(100)
      expect(quantile(after ?? [], 0.5)).toBeLessThan(1.5 * quantile(before ?? [], 0.5))
      // Of ten messages about one meets a fault, so there the slow ones begin, with the load and without it.
      expect(quantile(after ?? [], 0.8)).toBeLessThan(1.5 * quantile(before ?? [], 0.8))
    },
  )
})
