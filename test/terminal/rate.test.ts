import { Rate } from '../../terminal/tables/rate.ts'
import { ManualClock } from '../client/manual-clock.ts'

test('a rate makes all who use units wait until these are paid off', async () => {
  const clock = new ManualClock()
  const rate = new Rate(clock, 100)
  const startedAt = clock.now()
  const ends: number[] = []
  for (const units of [50, 100]) void rate.used(units).then(() => ends.push(clock.now() - startedAt))
  for (let step = 0; step < 40; step++) await clock.pass(50)
  expect(ends).toEqual([500, 1500])
  await rate.used(0)
})

test('a rate without a number never waits', async () => {
  await new Rate(new ManualClock()).used(1_000_000)
})
