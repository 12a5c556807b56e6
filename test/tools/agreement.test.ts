import * as infra from '../../infra/functions.ts'
import { inlineLimit, maxAnnounced, maxParts, partSize } from '../../lambdas/domain/sessions/crowd.ts'
import { pauseMs } from '../../lambdas/domain/sessions/delivery.ts'
import { runs } from '../../tools/price/durations.ts'
import { mostAnnounced as announced, holdSeconds, largeRooms } from '../../tools/price/large-rooms.ts'
import { quotas } from '../../tools/price/quotas.ts'
import { synthesize } from '../infra/stack.ts'

const lines = new Map([...infra.functions, ...infra.otherFunctions].map((line) => [line.name, line]))

/** Where several verbs share a function, it has a name of its own. */
const functionOf: Record<string, string> = { invitations: 'people' }

test.each(Object.entries(runs).filter(([name]) => name !== 'sessionEnd'))(
  '%s has the memory that is paid for',
  (name, run) => expect(run.megabytes).toBe(lines.get(functionOf[name] ?? name)?.memory),
)

test('the end of a session runs in the function that ends its connection', () => {
  expect(runs.sessionEnd.megabytes).toBe(runs.disconnect.megabytes)
})

test('large rooms are as large as the bill takes them to be', () => {
  expect([largeRooms.above, largeRooms.partSize, largeRooms.mostParts]).toEqual([inlineLimit, partSize, maxParts])
  expect(announced).toBe(maxAnnounced)
  for (const members of [501, 10_000, 1_000_000])
    expect(holdSeconds(members, 8000) * 1000).toBeCloseTo(pauseMs(members, 8000), 6)
})

test('the stage takes as many frames as the capacity says', () => {
  const stages = Object.values(synthesize().Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage')
  const settings = { ThrottlingRateLimit: quotas['stage-requests-per-second'].default }
  expect(stages.map(({ Properties }) => Properties.DefaultRouteSettings)).toMatchObject([settings])
})
