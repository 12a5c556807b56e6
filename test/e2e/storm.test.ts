import WebSocket from 'ws'
import { ChatClient, type ChatClientOptions, type ChatRoomSession, type Message } from '../../client/index.ts'
import type { Frame } from '../support/socket/chat-socket.ts'
import { aLargeWorld } from './large-world.ts'

/** `STORM=50×20` sets the size: so many rooms with so many clients each. */
const [rooms = 0, members = 0] = (process.env.STORM ?? '10×15').split(/[×x]/).map(Number)

/** An author may say that much at once. */
const burst = 20

jest.setTimeout(process.env.STORM ? 1_800_000 : 240_000)

const world = aLargeWorld()
const lines = new Set<WebSocket>()
const clients: ChatClient[] = []

/** A line that can be cut, with all others. */
class Line extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols)
    lines.add(this)
    this.once('close', () => lines.delete(this))
  }
}

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

type Socket = NonNullable<ChatClientOptions['webSocket']>

interface Person {
  session: ChatRoomSession
  view: Message[]
}

async function arrive(user: string, roomId: string, webSocket: Socket = Line): Promise<Person> {
  const { run } = world()
  const token = await run.token(user)
  const client = new ChatClient({ url: run.url, token: () => token, webSocket })
  clients.push(client)
  await client.connect()
  const session = client.session()
  const view: Message[] = []
  session.on('message', (message) => view.push(message))
  await session.join({ roomId }, { after: 0 })
  return { session, view }
}

const back = ({ session }: Person) =>
  new Promise<void>((resolve) => session.on('live', (isLive) => isLive && resolve()))

const reached = ({ session }: Person, seq: number) =>
  new Promise<void>((resolve) => {
    const look = () => session.last >= seq && resolve()
    session.on('message', look)
    look()
  })

function cutAll(): void {
  for (const line of lines) line.terminate()
}

describe(`${rooms * members} clients that are cut off at once while others talk`, () => {
  test('are all back in their rooms, and have everything that was said, once and in order', async () => {
    const places = await Promise.all(
      Array.from({ length: rooms }, async (_, at) => {
        const room = await world().room({ privacy: 'open' }, [])
        const talker = await arrive(`talker${at}`, room.roomId, WebSocket)
        const people: Person[] = []
        for (let nr = 0; nr < members; nr++) people.push(await arrive(`p${at}-${nr}`, room.roomId))
        return { talker, people }
      }),
    )
    const everybody = places.flatMap(({ people }) => people)
    const returned = everybody.map(back)
    const talk = places.map(async ({ talker }) => {
      for (let nr = 0; nr < burst; nr++) await talker.session.send(`${nr}`)
    })
    cutAll()
    await Promise.all([...returned, ...talk])
    const said = Array.from({ length: burst }, (_, nr) => [nr + 1, `${nr}`])
    for (const person of everybody) {
      await reached(person, burst)
      expect(person.view.map(({ seq, text }) => [seq, text])).toEqual(said)
    }
  })
})

describe('a client that was cut off', () => {
  /** Calls of the database that one join made, while somebody came back. */
  async function resuming(person: Person): Promise<Frame> {
    const usage = `${world().run.origin}/_local/usage`
    await fetch(usage, { method: 'DELETE' })
    const returned = back(person)
    cutAll()
    await returned
    const { dynamodb, invocations }: { [records: string]: Frame[] } = JSON.parse(await (await fetch(usage)).text())
    const joins = invocations?.find((record) => record.function.includes('Join'))?.calls
    const lines = dynamodb?.filter((record) => record.function.includes('Join')) ?? []
    return {
      joins,
      ...Object.fromEntries(
        lines.map((line) => [`${line.operation} ${/Tables(\w+)\w{8}$/.exec(line.table)?.[1]}`, line.calls]),
      ),
    }
  }

  const resumed = {
    joins: 1,
    // What is noted of the room's size.
    'GetItem Sessions': 1,
    // What the caller is to the room and to its category, before the session stands and after.
    'BatchGetItem Rooms': 2,
    'GetItem Rooms': 2,
    // The session and the connection's list of rooms; then its voice, with a line of the record.
    'TransactWriteItems Sessions': 2,
    'TransactWriteItems Records': 1,
    // What was said since, and where the log begins.
    'Query Messages': 1,
    'GetItem Messages': 1,
  }

  test.each([2, 30])(
    'joins a room of %i again with the same keyed reads and writes, and one look at who is there',
    async (others) => {
      const { roomId } = await world().room({ privacy: 'open' }, [])
      for (let nr = 0; nr < others; nr++) await world().joined(`other${nr}`, { roomId })
      const person = await arrive('carol', roomId)
      expect(await resuming(person)).toEqual({ ...resumed, 'Query Sessions': 1 })
    },
  )

  test('joins a large room again without a look at who is there', async () => {
    const { roomId } = await world().largeRoom()
    const person = await arrive('frank', roomId)
    expect(await resuming(person)).toEqual(resumed)
  })
})
