import { rates } from '../../lambdas/budgets.ts'
import type { FaultPlan } from './faults.ts'
import { type Overload, overload, type Timing } from './overload.ts'

const limit = rates.room.perSecond
const loadEndsAt = 30_000
const recoveredAt = 40_000
const endsAt = 80_000

const rough: Partial<FaultPlan> = {
  trouble: 0.01,
  crash: 0.002,
  slowStart: 0.02,
  lostFrame: 0.02,
  clientTimeoutMs: 1500,
}

/** Messages stored a second during the load, without the burst at its beginning and its last second. */
function goodput({ room }: Overload): number {
  const [opened, ...messages] = room.table.allEntries()
  const since = ({ sentAt }: { sentAt: number }) => sentAt - (opened?.sentAt ?? 0)
  const [from, to] = [5000, loadEndsAt - 1000]
  return (1000 * messages.filter((one) => since(one) >= from && since(one) < to).length) / (to - from)
}

function quantile(timings: Timing[], share: number): number {
  const times = timings.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  return times[Math.ceil(share * times.length) - 1] ?? Number.NaN
}

const startedFrom = (timings: Timing[], from: number) => timings.filter(({ startedAt }) => startedAt >= from)

describe('A room that receives four times its rate limit for half a minute', () => {
  it.each([
    ['without faults', { seed: 1 }],
    ['with lost requests and ended invocations', { seed: 2, ...rough }],
    ['with the same faults and another seed', { seed: 3, ...rough }],
  ])(
    'stores nine tenths of the limit meanwhile, and replies as fast as before ten seconds later, %s',
    async (_, plan) => {
      const quiet = await overload(plan, 1, loadEndsAt, endsAt)
      const busy = await overload(plan, 4 * limit, loadEndsAt, endsAt)
      const [before, after] = [quiet, busy].map(({ regular }) => startedFrom(regular, recoveredAt))
      const { counts, table } = busy.room
      const each = (what: 'attempt' | 'put') => (counts.of(what) / table.head).toFixed(1)
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
      // About one message in ten meets a fault, so higher quantiles show the faults and not the load.
      expect(quantile(after ?? [], 0.8)).toBeLessThan(1.5 * quantile(before ?? [], 0.8))
    },
  )
})
