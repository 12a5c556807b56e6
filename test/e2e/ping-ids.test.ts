import { type Deployment, deployment } from '../support/local-run/deployment.ts'
import { ChatSocket } from '../support/socket/chat-socket.ts'

/** These frames are not checked against docs/asyncapi.json: it does not allow these ids, but the gateway does. */

let target: Deployment
beforeAll(async () => {
  target = await deployment()
})
afterAll(() => target?.stop())

it('a ping with any id gets a reply with this id or without an id, and the connection stays open', async () => {
  const alice = await ChatSocket.open(target.url, await target.token('alice'))
  const odd = ['7', '0', 'false', 'true', 'null', '""', '["a"]', '{"b":1}']
  for (const id of ['"7"', `"${'x'.repeat(65)}"`, '"\\"quoted\\" 😀"', ...odd]) {
    const pong = await alice.raw(`{"action":"ping","id":${id}}`)
    const allowed = [{ id: JSON.parse(id), ok: true }, ...(odd.includes(id) ? [{ ok: true }] : [])]
    expect(allowed).toContainEqual(pong)
  }
  expect(await alice.raw('{"action":"ping"}')).toEqual({ ok: true })
  expect(await alice.raw('{"action":"ping","id":"2","more":"\\u0000"}')).toEqual({ id: '2', ok: true })
  expect((await alice.ask('hello')).user).toBe('alice')
  await alice.close()
})
