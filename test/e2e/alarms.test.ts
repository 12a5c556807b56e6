import { breakages } from '../support/runbook.ts'
import { WatchedWorld } from './watched-world.ts'

let world: WatchedWorld
beforeAll(async () => {
  world = await WatchedWorld.start()
  // The first requests of each function are slow.
  await world.traffic()
  await world.pass(60)
})
beforeEach(() => world.keepLarge())
afterAll(() => world.stop())

/** Lets a minute of traffic pass, of which the second half and the first half of the next one are broken in some way. */
async function aBrokenMinute(breakIt: () => Promise<unknown>, whileBroken: () => Promise<unknown>): Promise<void> {
  await world.traffic()
  await world.pass(15)
  await breakIt()
  await world.traffic()
  await whileBroken()
  await world.pass(45)
  await world.traffic()
  await whileBroken()
  await world.faults()
  await world.pass(30)
  await world.traffic()
  await world.pass(30)
}

/** Lets minutes of traffic pass until no alarm is raised; at most ten. */
async function untilClear(): Promise<void> {
  for (let minutes = 0; minutes < 10; minutes++) {
    if ((await world.raised()).length === 0) return
    await world.traffic()
    await world.pass(60)
  }
  throw new Error(`These alarms stay: ${(await world.raised()).join(', ')}`)
}

test('unbroken traffic raises no alarm', async () => {
  await aBrokenMinute(
    async () => {},
    async () => {},
  )
  expect(await world.raised()).toEqual([])
})

test.each(breakages)('$broken for a minute, and $alarms are raised until it is mended', async ({ tried, alarms }) => {
  const isFault = /^\w+(:[\w.]+)+$/.test(tried)
  await aBrokenMinute(
    async () => {
      if (isFault) await world.faults(tried)
    },
    async () => {
      if (tried.startsWith('issuerDown')) await world.stranger()
      if (!isFault) await world.unreadableEntry()
      // What is given up is tried again first, which takes some seconds.
      else if (alarms.includes('undelivered')) await world.deadLetter()
    },
  )
  const raised = await world.raised()
  await world.purge()
  await untilClear()
  expect(raised).toEqual(alarms)
})
