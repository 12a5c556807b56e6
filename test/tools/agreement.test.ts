import * as infra from '../../infra/functions.ts'
import { inlineLimit, maxAnnounced, maxParts, partSize } from '../../lambdas/domain/sessions/crowd.ts'
import { pauseMs } from '../../lambdas/domain/sessions/delivery.ts'
import { runs } from '../../tools/price/durations.ts'
import { holdSeconds, largeRooms, maxAnnounced as maxAnnouncedInBill } from '../../tools/price/large-rooms.ts'
import { quotas } from '../../tools/price/quotas.ts'
import { synthesize } from '../infra/stack.ts'

const functions = new Map([...infra.functions, ...infra.otherFunctions].map((each) => [each.name, each]))

/** The functions of verbs that share one. */
const functionOf: Record<string, string> = { invitations: 'people' }

test.each(Object.entries(runs).filter(([name]) => name !== 'sessionEnd'))(
  '%s has the memory that the bill assumes',
  (name, run) => expect(run.megabytes).toBe(functions.get(functionOf[name] ?? name)?.memory),
)

test('the end of a session runs in the function that ends its connection', () => {
  expect(runs.sessionEnd.megabytes).toBe(runs.disconnect.megabytes)
})

test('the bill has the constants of large rooms', () => {
  expect([largeRooms.above, largeRooms.partSize, largeRooms.maxParts]).toEqual([inlineLimit, partSize, maxParts])
  expect(maxAnnouncedInBill).toBe(maxAnnounced)
  for (const members of [501, 10_000, 1_000_000])
    expect(holdSeconds(members, 8000) * 1000).toBeCloseTo(pauseMs(members, 8000), 6)
})

test('the stage has the throttle that the capacity assumes', () => {
  const stages = Object.values(synthesize().Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage')
  const settings = { ThrottlingRateLimit: quotas['stage-requests-per-second'].default }
  expect(stages.map(({ Properties }) => Properties.DefaultRouteSettings)).toMatchObject([settings])
})
