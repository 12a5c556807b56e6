import type { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import { watchFrames } from '../../local/gateway/limits.ts'
import { type Client, type Run, startEcho, stopAll } from './run.ts'

let run: Run
let client: Client
beforeAll(async () => {
  run = await startEcho()
})
afterAll(stopAll)
beforeEach(async () => {
  client = await run.open()
  const { connectionId } = (await client.ask('event')).requestContext
  id = connectionId
})
let id: string

/** The context of the `$disconnect` event of this connection. */
async function disconnected() {
  for (;;) {
    const { requestContext } = await run.printed('disconnect')
    if (requestContext.connectionId === id) return requestContext
  }
}

const kilobytes = (count: number) => ({
  action: 'nowhere',
  text: 'x'.repeat(count * 1024 - '{"action":"nowhere","text":""}'.length),
})

test('a frame of 32 KB passes; one byte more closes the connection with 1009', async () => {
  client.send(kilobytes(32))
  expect(await client.frame()).toMatchObject({ message: 'Forbidden' })
  client.send(`${JSON.stringify(kilobytes(32))} `)
  expect((await client.closed)[0]).toBe(1009)
  expect(await disconnected()).toMatchObject({ disconnectStatusCode: 1009 })
})

function fragments(count: number, size: number): void {
  for (let part = 1; part <= count; part++) client.socket.send(' '.repeat(size), { fin: part === count })
}

test('a message of 128 KB in frames of 32 KB passes; a longer one closes the connection with 1009', async () => {
  fragments(4, 32 * 1024)
  expect(await client.frame()).toMatchObject({ message: 'Forbidden' })
  fragments(5, 30 * 1024)
  expect((await client.closed)[0]).toBe(1009)
  expect(await disconnected()).toMatchObject({ disconnectStatusCode: 1009 })
})

test('one frame over the limit after small frames closes the connection with 1009', async () => {
  client.socket.send('{', { fin: false })
  client.socket.send(' '.repeat(32 * 1024 + 1), { fin: true })
  expect((await client.closed)[0]).toBe(1009)
  await disconnected()
})

test('a binary frame closes the connection with 1003', async () => {
  client.socket.send(Buffer.from('x'))
  expect((await client.closed)[0]).toBe(1003)
  expect(await disconnected()).toMatchObject({ disconnectStatusCode: 1003 })
})

test('ten minutes without a frame close the connection, and each frame restarts them', async () => {
  run.clock.advance(9 * 60_000)
  client.send({ action: 'ping' })
  await client.frame()
  run.clock.advance(9 * 60_000)
  client.send({ action: 'ping' })
  await client.frame()
  run.clock.advance(10 * 60_000)
  expect(await client.closed).toEqual([1001, 'Going away'])
  expect(await disconnected()).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: 'Going away' })
})

test('a busy connection stays open for almost two hours', async () => {
  for (let minutes = 0; minutes < 119; minutes += 7) {
    run.clock.advance(7 * 60_000)
    client.send({ action: 'ping' })
    await client.frame()
  }
  expect(await client.ask('event')).toHaveProperty('body')
})

test('two hours after its upgrade a busy connection is closed', async () => {
  for (let minutes = 0; minutes < 112; minutes += 8) {
    run.clock.advance(8 * 60_000)
    client.send({ action: 'ping' })
    await client.frame()
  }
  run.clock.advance(8 * 60_000 - 1)
  client.send({ action: 'ping' })
  await client.frame()
  run.clock.advance(1)
  expect(await client.closed).toEqual([1001, 'Going away'])
  expect(await disconnected()).toMatchObject({ disconnectStatusCode: 1001 })
})

test('$disconnect gets the close code and the reason of the client', async () => {
  client.socket.close(4001, 'enough')
  expect(await disconnected()).toMatchObject({
    eventType: 'DISCONNECT',
    routeKey: '$disconnect',
    disconnectStatusCode: 4001,
    disconnectReason: 'enough',
    authorizer: { principalId: 'someone', number: '7' },
  })
})

test('$disconnect gets 1005 and the reason of API Gateway for a close without a code', async () => {
  client.socket.close()
  expect(await disconnected()).toMatchObject({
    disconnectStatusCode: 1005,
    disconnectReason: 'Client-side close frame status not set',
  })
})

test('$disconnect gets 1006 for a lost connection', async () => {
  client.socket.terminate()
  expect(await disconnected()).toMatchObject({ disconnectStatusCode: 1006 })
})

test('frame headers are found in chunks of any size', () => {
  const frame = (size: number) => {
    const header =
      size < 126
        ? [size]
        : size < 65_536
          ? [126, size >> 8, size & 255]
          : [127, 0, 0, 0, 0, 0, size >> 16, (size >> 8) & 255, size & 255]
    return Buffer.concat([
      Buffer.from([0x81, (header[0] ?? 0) | 0x80, ...header.slice(1)]),
      Buffer.alloc(4 + size, 0xff),
    ])
  }
  const sizes = [0, 1, 125, 126, 300, 32_768]
  const bytes = Buffer.concat([...sizes.map(frame), frame(32_769), frame(70_000)])
  const before = sizes.reduce((sum, size) => sum + frame(size).length, 0)
  for (const step of [1, 2, 3, 7, 1000, bytes.length]) {
    const socket: EventEmitter = new Socket()
    let tooLarge = 0
    let passed = 0
    watchFrames(socket as Socket, () => tooLarge++)
    for (let at = 0; at < bytes.length; at += step) {
      socket.emit('data', bytes.subarray(at, at + step))
      if (tooLarge === 0) passed = at + step
    }
    expect(tooLarge).toBe(1)
    expect(passed).toBeLessThanOrEqual(before + 4)
    expect(passed).toBeGreaterThanOrEqual(Math.min(before - step, before))
  }
})
