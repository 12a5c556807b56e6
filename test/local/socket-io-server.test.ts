import { io, type Socket } from 'socket.io-client'
import { startServer } from '../../tools/bench/spawned.ts'

// The benchmark compares the local run with this server, so this server must give the same guarantees.
const roomId = 'lobby'
let server: Awaited<ReturnType<typeof startServer>>
const sockets: Socket[] = []

beforeAll(async () => {
  server = await startServer('side-by-side/socket-io-server.ts', 'log')
})

afterAll(async () => {
  for (const socket of sockets) socket.disconnect()
  await server.stop()
})

async function enter(user: string, after = 0) {
  const socket = io(server.url, { auth: { user }, transports: ['websocket'], forceNew: true })
  sockets.push(socket)
  const { messages } = await socket.emitWithAck('join', { roomId, after })
  const send = (clientMessageId: string, text: string, after: number) =>
    socket.emitWithAck('send', { roomId, text, clientMessageId, after })
  return { socket, messages, send }
}

describe('Socket.IO with a durable log', () => {
  test('numbers the messages of several users without a gap and delivers them in this order', async () => {
    const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((user) => enter(user)))
    const seen: number[] = []
    const all = new Promise<void>((resolve) =>
      carol?.socket.on('message', ({ seq }) => seen.push(seq) === 20 && resolve()),
    )
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 ? alice : bob)?.send(`id-${at}`, `text ${at}`, 0)),
    )
    await all
    const numbers = Array.from({ length: 20 }, (_, at) => at + 1)
    expect(replies.map(({ message }) => message.seq).sort((a, b) => a - b)).toEqual(numbers)
    expect(seen).toEqual(numbers)
  })

  test('stores a message once and refuses another text under its id', async () => {
    const dora = await enter('dora')
    const first = await dora.send('mine', 'hello', 0)
    expect(await dora.send('mine', 'hello', 0)).toEqual({ ok: true, message: first.message, duplicate: true })
    expect(await dora.send('mine', 'something else', 0)).toEqual({ ok: false, error: 'id_reused' })
    const erin = await enter('erin')
    expect((await erin.send('mine', 'hello', 0)).message.seq).toBe(first.message.seq + 1)
  })

  test('returns the messages after any position', async () => {
    const frank = await enter('frank')
    const { message } = await frank.send('one', 'one', 0)
    await frank.send('two', 'two', message.seq)
    const { messages } = await enter('gina', message.seq)
    expect(messages.map(({ text }: { text: string }) => text)).toEqual(['two'])
  })

  test('finds a stored message that is no longer in its memory', async () => {
    const henry = await enter('henry')
    const first = await henry.send('old', 'old', 0)
    await Promise.all(Array.from({ length: 1001 }, (_, at) => henry.send(`new-${at}`, `${at}`, first.message.seq)))
    expect(await henry.send('old', 'old', first.message.seq - 1)).toEqual({
      ok: true,
      message: first.message,
      duplicate: true,
    })
  })

  test('refuses a message of a user who has not joined', async () => {
    const socket = io(server.url, { auth: { user: 'zoe' }, transports: ['websocket'], forceNew: true })
    sockets.push(socket)
    const draft = { roomId, text: 'x', clientMessageId: 'x', after: 0 }
    expect(await socket.emitWithAck('send', draft)).toEqual({ ok: false, error: 'not_joined' })
  })
})
