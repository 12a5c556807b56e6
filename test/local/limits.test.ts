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

async function goodbye() {
  for (;;) {
    const { requestContext } = await run.said('disconnect')
    if (requestContext.connectionId === id) return requestContext
  }
}

const kilobytes = (count: number) => ({
  action: 'nowhere',
  text: 'x'.repeat(count * 1024 - '{"action":"nowhere","text":""}'.length),
})

test('a frame of 32 KB passes, one byte more closes with 1009', async () => {
  client.send(kilobytes(32))
  expect(await client.frame()).toMatchObject({ message: 'Forbidden' })
  client.send(`${JSON.stringify(kilobytes(32))} `)
  expect((await client.closed)[0]).toBe(1009)
  expect(await goodbye()).toMatchObject({ disconnectStatusCode: 1009 })
})

function fragments(count: number, size: number): void {
  for (let part = 1; part <= count; part++) client.socket.send(' '.repeat(size), { fin: part === count })
}

test('a message of 128 KB may come in frames of 32 KB, a longer one closes with 1009', async () => {
  fragments(4, 32 * 1024)
  expect(await client.frame()).toMatchObject({ message: 'Forbidden' })
  fragments(5, 30 * 1024)
  expect((await client.closed)[0]).toBe(1009)
  expect(await goodbye()).toMatchObject({ disconnectStatusCode: 1009 })
})

test('one frame over the limit among small ones is enough', async () => {
  client.socket.send('{', { fin: false })
  client.socket.send(' '.repeat(32 * 1024 + 1), { fin: true })
  expect((await client.closed)[0]).toBe(1009)
  await goodbye()
})

test('a binary frame closes with 1003', async () => {
  client.socket.send(Buffer.from('x'))
  expect((await client.closed)[0]).toBe(1003)
  expect(await goodbye()).toMatchObject({ disconnectStatusCode: 1003 })
})

test('ten idle minutes end a connection, and every frame starts them anew', async () => {
  run.clock.advance(9 * 60_000)
  client.send({ action: 'ping' })
  await client.frame()
  run.clock.advance(9 * 60_000)
  client.send({ action: 'ping' })
  await client.frame()
  run.clock.advance(10 * 60_000)
  expect(await client.closed).toEqual([1001, 'Going away'])
  expect(await goodbye()).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: 'Going away' })
})

test('two hours end a connection however busy it is', async () => {
  for (let minutes = 0; minutes < 119; minutes += 7) {
    run.clock.advance(7 * 60_000)
    client.send({ action: 'ping' })
    await client.frame()
  }
  expect(await client.ask('event')).toHaveProperty('body')
})

test('the age counts from the upgrade', async () => {
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
  expect(await goodbye()).toMatchObject({ disconnectStatusCode: 1001 })
})

test('the code and reason of the client reach $disconnect', async () => {
  client.socket.close(4001, 'enough')
  expect(await goodbye()).toMatchObject({
    eventType: 'DISCONNECT',
    routeKey: '$disconnect',
    disconnectStatusCode: 4001,
    disconnectReason: 'enough',
    authorizer: { principalId: 'someone', number: '7' },
  })
})

test('a close without a code is 1005, with the words of the cloud', async () => {
  client.socket.close()
  expect(await goodbye()).toMatchObject({
    disconnectStatusCode: 1005,
    disconnectReason: 'Client-side close frame status not set',
  })
})

test('a lost connection is 1006', async () => {
  client.socket.terminate()
  expect(await goodbye()).toMatchObject({ disconnectStatusCode: 1006 })
})

test('frame headers are found however the bytes are cut', () => {
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
