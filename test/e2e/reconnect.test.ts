import WebSocket from 'ws'
import { ChatClient, type ChatClientOptions, type ChatRoomSession, type Message } from '../../client/index.ts'
import type { Frame } from '../support/socket/chat-socket.ts'
import { aLargeWorld } from './large-world.ts'

/** The number of rooms and of clients in each, which `STORM=50×20` sets. */
const [rooms = 0, members = 0] = (process.env.STORM ?? '10×15').split(/[×x]/).map(Number)

/** How many messages an author may send at once. */
const burst = 20

jest.setTimeout(process.env.STORM ? 1_800_000 : 240_000)

const world = aLargeWorld()
const connections = new Set<WebSocket>()
const clients: ChatClient[] = []

/** A connection that `cutAll` cuts. */
class Connection extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols)
    connections.add(this)
    this.once('close', () => connections.delete(this))
  }
}

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

type Socket = NonNullable<ChatClientOptions['webSocket']>

interface Participant {
  session: ChatRoomSession
  view: Message[]
}

async function join(user: string, roomId: string, webSocket: Socket = Connection): Promise<Participant> {
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

const isLiveAgain = ({ session }: Participant) =>
  new Promise<void>((resolve) => session.on('live', (isLive) => isLive && resolve()))

const reached = ({ session }: Participant, seq: number) =>
  new Promise<void>((resolve) => {
    const check = () => session.last >= seq && resolve()
    session.on('message', check)
    check()
  })

function cutAll(): void {
  for (const connection of connections) connection.terminate()
}

describe(`${rooms * members} clients whose connections are cut at once while others send`, () => {
  test('all return to their rooms and have each message once and in order', async () => {
    const groups = await Promise.all(
      Array.from({ length: rooms }, async (_, at) => {
        const room = await world().room({ privacy: 'open' }, [])
        const author = await join(`author${at}`, room.roomId, WebSocket)
        const participants: Participant[] = []
        for (let nr = 0; nr < members; nr++) participants.push(await join(`p${at}-${nr}`, room.roomId))
        return { author, participants }
      }),
    )
    const all = groups.flatMap(({ participants }) => participants)
    const returned = all.map(isLiveAgain)
    const sending = groups.map(async ({ author }) => {
      for (let nr = 0; nr < burst; nr++) await author.session.send(`${nr}`)
    })
    cutAll()
    await Promise.all([...returned, ...sending])
    const expected = Array.from({ length: burst }, (_, nr) => [nr + 1, `${nr}`])
    for (const participant of all) {
      await reached(participant, burst)
      expect(participant.view.map(({ seq, text }) => [seq, text])).toEqual(expected)
    }
  })
})

describe('a client whose connection was cut', () => {
  /** Cuts the connections and counts the database calls of the join with which the client returns. */
  async function callsOfRejoin(participant: Participant): Promise<Frame> {
    const usage = `${world().run.origin}/_local/usage`
    await fetch(usage, { method: 'DELETE' })
    const returned = isLiveAgain(participant)
    cutAll()
    await returned
    const { dynamodb, invocations }: { [records: string]: Frame[] } = JSON.parse(await (await fetch(usage)).text())
    const joins = invocations?.find((record) => record.function.includes('Join'))?.calls
    const records = dynamodb?.filter((record) => record.function.includes('Join')) ?? []
    return {
      joins,
      ...Object.fromEntries(
        records.map((record) => [`${record.operation} ${/Tables(\w+)\w{8}$/.exec(record.table)?.[1]}`, record.calls]),
      ),
    }
  }

  const resumed = {
    joins: 1,
    // The noted size of the room.
    'GetItem Sessions': 1,
    // The access of the user to the room and its category, before and after the session is created.
    'BatchGetItem Rooms': 2,
    'GetItem Rooms': 2,
    // The session and the room list of the connection; then the right to send, with an entry of the record.
    'TransactWriteItems Sessions': 2,
    'TransactWriteItems Records': 1,
    // The messages since, and the beginning of the log.
    'Query Messages': 1,
    'GetItem Messages': 1,
  }

  test.each([2, 30])(
    'joins a room of %i again with the same reads and writes and one query of the roster',
    async (others) => {
      const { roomId } = await world().room({ privacy: 'open' }, [])
      for (let nr = 0; nr < others; nr++) await world().joined(`other${nr}`, { roomId })
      const participant = await join('carol', roomId)
      expect(await callsOfRejoin(participant)).toEqual({ ...resumed, 'Query Sessions': 1 })
    },
  )

  test('joins a large room again without a query of the roster', async () => {
    const { roomId } = await world().largeRoom()
    const participant = await join('frank', roomId)
    expect(await callsOfRejoin(participant)).toEqual(resumed)
  })
})
