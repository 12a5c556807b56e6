import { type Run, startEcho, stopAll } from './run.ts'

let run: Run
beforeAll(async () => {
  run = await startEcho()
})
afterAll(stopAll)
afterEach(() => run.faults.set(''))

const count = (label: string) => run.lines.filter((line) => line.includes(`: ${label} {`)).length

test('$disconnect can be lost or invoked twice', async () => {
  const [lost, twice] = [await run.open(), await run.open()]
  run.faults.set('dropDisconnect:1')
  lost.socket.close()
  await lost.closed
  run.faults.set('twiceDisconnect:1')
  twice.socket.close()
  const [first, second] = [await run.printed('disconnect'), await run.printed('disconnect')]
  expect(first).toEqual(second)
  await run.settled()
  expect(count('disconnect')).toBe(0)
})

test('$connect can be invoked twice with the same event', async () => {
  while (count('connect')) await run.printed('connect')
  run.faults.set('twiceConnect:1')
  await run.open()
  expect(await run.printed('connect')).toEqual(await run.printed('connect'))
})

test('a message can invoke its function twice and is answered once', async () => {
  const client = await run.open()
  run.usage.reset()
  run.faults.set('twiceMessage:1')
  await client.ask('event')
  const calls = () => run.usage.read().invocations.find((row) => row.function === 'message')?.calls ?? 0
  const ping = () => client.ask('', {}, 'ping')
  // The pong of the mock would come after a second answer to the message.
  while (calls() < 2) expect(await ping()).toHaveProperty('pong')
  expect(await ping()).toHaveProperty('pong')
  expect(calls()).toBe(2)
})

test('$connect can be delayed', async () => {
  while (count('authorizer')) await run.printed('authorizer')
  while (count('connect')) await run.printed('connect')
  run.faults.set('delayConnect:1')
  const opening = run.open()
  await run.printed('authorizer')
  const late = run.printed('connect')
  await run.clock.pass(3000)
  await opening
  expect((await late).requestContext.requestTimeEpoch).toBeGreaterThan((await late).requestContext.connectedAt)
})

test('faults can be set over HTTP; an unknown fault gets 400', async () => {
  const set = (body: string) => fetch(`${run.origin}/_local/faults`, { method: 'PUT', body })
  expect((await set('post410:1')).status).toBe(204)
  expect(run.faults.happens('post410')).toBe(true)
  expect((await set('')).status).toBe(204)
  expect(run.faults.happens('post410')).toBe(false)
  const wrong = await set('nothing:1')
  expect(wrong.status).toBe(400)
  expect(await wrong.text()).toContain('There is no fault "nothing"')
})
