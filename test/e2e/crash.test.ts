import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Chance } from '../simulation/chance.ts'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { allEnded, processesWith } from '../support/local-run/processes.ts'
import { ChatSocket } from '../support/socket/chat-socket.ts'
import { RetryingClient } from '../support/socket/retrying-client.ts'
import { LocalWorld } from './local-world.ts'
import { expectOneLog, readLog } from './one-log.ts'

const users = ['alice', 'bob', 'carol', 'dave']
const each = 30
const crashes = 3
const seed = 7

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crash-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Starts a run with a mark in its environment, by which all its processes can be found. */
async function markedRun(data: string): Promise<{ run: LocalRun; mark: string }> {
  const mark = randomUUID()
  return { run: await startLocalRun({ DATA: data, RUN_MARK: mark }), mark }
}

describe('a local run on a file', () => {
  it(`loses no acknowledged message when it is killed ${crashes} times while four clients send (seed ${seed})`, async () => {
    const data = join(folder, 'killed.db')
    const chance = new Chance(seed)
    let current = Promise.resolve(await markedRun(data))
    const room = await new LocalWorld((await current).run).room({ privacy: 'open' }, [])
    const connect = (user: string) => async () => {
      const { run } = await current
      return ChatSocket.open(run.url, await run.token(user))
    }
    let onAcknowledged = () => {}
    const authors = users.map((user, at) => {
      const own = new Chance(seed * 10 + at)
      const { roomId } = room
      return new RetryingClient({
        user,
        roomId,
        connect: connect(user),
        chance: own,
        acknowledged: () => onAcknowledged(),
      })
    })
    const acknowledged = () => new Map(authors.flatMap((author) => [...author.acknowledged]))
    const sending = Promise.all(authors.map((author) => author.say(each)))

    for (let crash = 1; crash <= crashes; crash++) {
      const enough = Math.min(acknowledged().size + chance.whole(12, 24), users.length * each)
      await new Promise<void>((resolve) => {
        onAcknowledged = () => acknowledged().size >= enough && resolve()
        onAcknowledged()
      })
      const known = acknowledged()
      const { run, mark } = await current
      current = run
        .kill()
        .then(() => allEnded(mark))
        .then(() => markedRun(data))
      const reader = await connect('alice')()
      const log = await readLog(reader, room.roomId)
      for (const [id, seq] of known) expect(log[seq - 1]).toMatchObject({ seq, clientMessageId: id })
      await reader.close()
    }

    await sending
    await Promise.all(authors.map((author) => author.catchUp()))
    const reader = await connect('alice')()
    expectOneLog(await readLog(reader, room.roomId), authors, each)
    await Promise.all([reader.close(), ...authors.map((author) => author.close())])
    await (await current).run.stop()
  })

  it('exits with 0 at SIGTERM, leaves no process and releases its port, even during requests', async () => {
    const { run, mark } = await markedRun(join(folder, 'ended.db'))
    const alice = await ChatSocket.open(run.url, await run.token('alice'))
    expect(processesWith(mark).length).toBeGreaterThan(1)
    const replies = Promise.allSettled(Array.from({ length: 20 }, () => alice.request('hello')))
    expect(await run.stop()).toBe(0)
    expect(await alice.closed).toBe(1001)
    await replies
    await allEnded(mark)
    const server = createServer().listen(Number(new URL(run.origin).port), '127.0.0.1')
    await once(server, 'listening')
    server.close()
  })
})
