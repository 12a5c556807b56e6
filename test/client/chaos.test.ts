import type { ChatClient, ChatRoomSession, Clock, Message, Room } from '../../client/index.ts'
import { localDeployment } from '../support/local-run/deployment.ts'
import { type Faults, faultySockets } from './faulty-socket.ts'
import { aClientWorld } from './world.ts'

/**
 * Many clients in few rooms on faulty connections. `CHAOS=rooms×members×authors×messages` sets the size, `SEED` the
 * faults; 4×50×10×50 makes 100,000 deliveries.
 */
const [rooms = 0, members = 0, authors = 0, each = 0] = (process.env.CHAOS ?? '2×25×6×20').split(/[×x]/).map(Number)
const seed = Number(process.env.SEED ?? 1)

const weather: Faults = {
  cut: 0.05,
  cutInstead: 0.002,
  dropPush: 0.01,
  doublePush: 0.02,
  delayPush: 0.03,
  loseReply: 0.02,
  doubleReply: 0.02,
}

/** How many clients join at the same time. */
const arrivals = 10

const minute = 60_000

/** A fast clock: each connection is replaced after a minute and sends a heartbeat every quarter of a minute. */
const hasty: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms > 80 * minute ? ms / 100 : ms > minute ? ms / 20 : ms)
    return () => clearTimeout(timer)
  },
}

interface Person {
  client: ChatClient
  session: ChatRoomSession
  view: Message[]
  said: Map<string, number[]>
}

jest.setTimeout(process.env.CHAOS ? 1_800_000 : 240_000)

describe(`${rooms * members} clients in ${rooms} rooms whose connections are cut, and lose, delay and repeat frames`, () => {
  const world = aClientWorld(localDeployment)
  const sockets = faultySockets({}, seed)

  async function arrive(user: string, room: Room): Promise<Person> {
    const client = world().client(user, { webSocket: sockets.WebSocket, clock: hasty, patienceMs: 5000 })
    await client.connect()
    const session = client.session()
    const [view, said]: [Message[], Person['said']] = [[], new Map()]
    session.on('message', (message) => view.push(message))
    session.on('sent', ({ clientMessageId, message }) => {
      said.set(clientMessageId, [...(said.get(clientMessageId) ?? []), message.seq])
    })
    await session.join(room, { after: 0 })
    return { client, session, view, said }
  }

  async function fill(): Promise<Person[][]> {
    const filled: Person[][] = []
    for (let n = 0; n < rooms; n++) {
      const room = await world().room({ privacy: 'open' }, [])
      const people: Person[] = []
      while (people.length < members) {
        const some = Array.from({ length: Math.min(arrivals, members - people.length) }, (_, at) => people.length + at)
        people.push(...(await Promise.all(some.map((m) => arrive(`p${n}-${m}`, room)))))
      }
      filled.push(people)
    }
    return filled
  }

  function reached({ client, session }: Person, seq: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => session.last >= seq && resolve()
      session.on('message', look)
      look()
      client.check()
    })
  }

  test('have equal views without gaps at the end, and one result for each message', async () => {
    const filled = await fill()
    const startedAt = Date.now()
    sockets.set(weather)
    const speakers = filled.flatMap((people) => people.slice(0, authors))
    await Promise.all(
      speakers.map(async ({ session }, at) => {
        for (let n = 0; n < each; n++) await session.send(`${at} ${n}`, { clientMessageId: `${at} ${n}` })
      }),
    )
    sockets.set()
    const total = authors * each
    await Promise.all(filled.flat().map((person) => reached(person, total)))
    const tookMs = Date.now() - startedAt

    for (const people of filled) {
      const [first] = people
      expect(first?.view.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, at) => at + 1))
      for (const { view } of people) expect(view).toEqual(first?.view)
    }
    for (const [at, { said, view }] of speakers.entries()) {
      const own = view.filter(({ clientMessageId }) => clientMessageId?.startsWith(`${at} `))
      expect(own.map(({ text }) => text)).toEqual(Array.from({ length: each }, (_, n) => `${at} ${n}`))
      expect([...said]).toEqual(own.map(({ clientMessageId, seq }) => [clientMessageId, [seq]]))
    }
    const counts = filled.flat().map(({ session }) => session.counts)
    const sum = (name: keyof (typeof counts)[number]) => counts.reduce((all, one) => all + one[name], 0)
    const figures = { deliveries: sum('applied'), dropped: sum('dropped'), gaps: sum('gaps'), tries: sum('tries') }
    expect(figures.deliveries).toBe(rooms * members * total)
    const { cuts, lostReplies, doubled, delayed, droppedPushes } = sockets.figures
    if (process.env.FIG) console.log({ tookMs, ...figures, ...sockets.figures })
    expect(Math.min(cuts, lostReplies, doubled, delayed, droppedPushes)).toBeGreaterThan(0)
    expect(Math.min(figures.dropped, figures.gaps, figures.tries - rooms * total)).toBeGreaterThan(0)
  })
})
