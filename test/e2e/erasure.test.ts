import { startLocalRun } from '../support/local-run/local-run.ts'
import type { ChatSocket, Frame } from '../support/socket/chat-socket.ts'
import { aWorld } from './world.ts'

jest.setTimeout(180_000)
const world = aWorld(startLocalRun)

let root: ChatSocket
beforeEach(async () => {
  root = await world().connect('root')
})

afterEach(async () => {
  const back = await world().connect('root')
  await back.ask('unsuspend', { user: 'carol' })
})

/** Asks for the erasure until it is done. */
async function erased(fields: Frame): Promise<Frame> {
  for (;;) {
    const { job } = await root.ask('erase', fields)
    if (job.state === 'done') return job
  }
}

it('an erasure removes the messages of a user in all rooms, the name, and the rights', async () => {
  const [one, other] = [await world().room(), await world().room()]
  await root.ask('grant', { roomId: one.roomId, role: 'member', principals: ['user:carol'] })
  await root.ask('grant', { roomId: other.roomId, role: 'member', principals: ['user:carol'] })
  const alice = await world().joined('alice', one)
  for (const { roomId } of [one, other]) {
    const carol = await world().joined('carol', { roomId })
    await carol.ask('send', { roomId, text: 'I am Carol' })
  }
  await alice.push('message', { text: 'I am Carol' })
  await alice.ask('send', { roomId: one.roomId, text: 'I am Alice' })
  const job = await erased({ user: 'carol', messages: 'remove' })
  expect(job.progress).toMatchObject({ rooms: 2, messages: 2 })
  expect(job.left).toEqual(['backups', 'record', 'exports', 'quotations'])

  expect((await alice.ask('sync', { rooms: { [one.roomId]: 2 } })).rooms[one.roomId].head).toBe(3)
  const { messages } = await alice.ask('history', { roomId: one.roomId })
  expect(messages).toMatchObject([
    { seq: 1, from: { user: 'carol', name: 'Deleted user' }, removed: { by: 'root' } },
    { seq: 2, text: 'I am Alice' },
    { seq: 3, removes: [], removesOf: 'carol', upTo: 1, by: 'root' },
  ])
  expect(messages[0].text).toBeUndefined()
  await expect(world().connect('carol')).rejects.toMatchObject({ status: 403 })
  await root.ask('unsuspend', { user: 'carol' })
  const again = await world().connect('carol')
  expect((await again.refusal('join', { roomId: other.roomId })).code).toBe('forbidden')
})

it('an erasure can keep the messages under another name', async () => {
  const room = await world().room({ privacy: 'open' }, [])
  const carol = await world().joined('carol', room)
  await carol.ask('send', { roomId: room.roomId, text: 'A fact' })
  await erased({ user: 'carol', messages: 'keep' })
  const alice = await world().joined('alice', room)
  const { messages } = await alice.ask('history', { roomId: room.roomId })
  expect(messages).toMatchObject([{ from: { user: 'carol', name: 'Deleted user' }, text: 'A fact' }])
})
