import type { RetryingClient } from '../support/socket/retrying-client.ts'
import { aLocalWorld, type LocalWorld } from './local-world.ts'
import { expectOneLog, figuresOf, readLog } from './one-log.ts'

const users = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
const each = 30

/** `SEEDS=20` sets the number of seeds that the test with all faults runs with. */
const seeds = Array.from({ length: Number(process.env.SEEDS ?? 2) }, (_, at) => [at + 1])
const eachWithFaults = 15

/** All faults of posts, tables, functions and events at the same time. */
const allFaults = [
  'post410:0.01,post429:0.04,post500:0.04,post410After:0.01,post429After:0.04,post500After:0.04,delayPost:0.05',
  'hangPost:0.0005,throttleTable:0.02,failCallBefore:0.02,failCallAfter:0.02,killAtCall:0.001',
  'twiceConnect:0.2,twiceDisconnect:0.2,twiceMessage:0.1,dropDisconnect:0.3,delayConnect:0.02',
].join(',')

async function authorsIn(world: LocalWorld, seed: number, cuts: number) {
  const room = await world.room({ privacy: 'open' }, [])
  return { room, authors: users.map((user, at) => world.author(user, room, seed * 100 + at, cuts)) }
}

async function closeAll(authors: RetryingClient[]): Promise<void> {
  await Promise.all(authors.map((author) => author.close()))
}

describe('six clients whose connections are cut while they send', () => {
  const world = aLocalWorld()

  it.each([[1]])('all have the same log at the end (seed %i)', async (seed) => {
    const { room, authors } = await authorsIn(world(), seed, 0.15)
    await Promise.all(authors.map((author) => author.say(each)))
    await Promise.all(authors.map((author) => author.reached(each * users.length)))
    const log = await readLog(await world().connect('alice'), room.roomId)
    expectOneLog(log, authors, each)
    const { cuts, duplicates } = figuresOf(authors)
    expect(Math.min(cuts, duplicates)).toBeGreaterThan(0)
    await closeAll(authors)
  })

  it.each([
    ['was stored', 'lost reply', 1],
    ['was never sent', 'unsent', 207],
  ] as const)('find out from the history, after more than 200 messages, that a message %s', async (_, moment, seq) => {
    const { room, authors } = await authorsIn(world(), 3, 0)
    const [alice] = authors
    if (!alice) throw new Error('An author is missing.')
    const message = alice.draft('alice 0')
    await alice.attempt(message, moment)
    // Eleven authors, so that the rate limits do not apply.
    const others = Array.from({ length: 11 }, (_, nr) => world().author(`other${nr}`, room, nr))
    await Promise.all(others.map((other, nr) => other.say(nr < 8 ? 19 : 18)))
    expect(await alice.deliver(message)).toBe(seq)
    expect(alice.figures.resyncs).toBe(1)
    const log = await readLog(await world().connect('alice'), room.roomId)
    expect(log.filter(({ text }) => text === 'alice 0').map((found) => found.seq)).toEqual([seq])
    await closeAll([...authors, ...others])
  })
})

describe.each(seeds)('six such clients with all faults (seed %i)', (seed) => {
  const world = aLocalWorld({ SEED: String(seed) })

  it('have the same log at the end, with each message once at its acknowledged position', async () => {
    const { room, authors } = await authorsIn(world(), seed, 0.1)
    await world().faults(allFaults)
    await Promise.all(authors.map((author) => author.say(eachWithFaults)))
    await world().faults()
    await Promise.all(authors.map((author) => author.catchUp()))
    const log = await readLog(await world().connect('alice'), room.roomId)
    expectOneLog(log, authors, eachWithFaults)
    const { tries, duplicates, gaps } = figuresOf(authors)
    expect(Math.min(tries - eachWithFaults * users.length, duplicates, gaps)).toBeGreaterThan(0)
    await closeAll(authors)
  })
})
