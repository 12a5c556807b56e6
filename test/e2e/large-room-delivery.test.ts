import { rm } from 'node:fs/promises'
import { type Local, startLocal } from '../../local/start.ts'
import { type Crowd, startCrowd } from '../../tools/bench/crowd/crowd.ts'
import { type Forked, startForked } from '../../tools/bench/forked.ts'
import { assemblyPostingTo } from '../support/local-run/other-gateway.ts'
import { WorkersLog } from '../support/local-run/workers-log.ts'
import type { DelayingProxyCalls } from '../support/socket/delaying-proxy.ts'

/** Number of connections, which `CROWD=10000` sets. By default it makes the room large, so that workers deliver. */
const size = Number(process.env.CROWD ?? 600)

jest.setTimeout(process.env.CROWD ? 1_800_000 : 240_000)

/** Two of each hundred members. */
const someMembers = (from: number): number[] => Array.from({ length: size / 50 }, (_, at) => at * 50 + from)

/** Disables the timeout of posts, so that a worker which waits for a hanging post never ends. */
const noPostTimeout =
  'const after = setTimeout; globalThis.setTimeout = (run, ms, ...more) => after(run, ms === 1500 ? 2 ** 31 - 1 : ms, ...more)'

describe(`a room with ${size} connections, of which some are dead and some hang`, () => {
  const workers = new WorkersLog()
  let gateway: Forked<DelayingProxyCalls>
  let folder: string
  let local: Local
  let crowd: Crowd

  beforeAll(async () => {
    gateway = startForked<DelayingProxyCalls>('test/support/socket/delaying-proxy.ts')
    const variables = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(noPostTimeout)}` }
    folder = await assemblyPostingTo({ origin: await gateway.ask('origin', null), variables })
    local = await startLocal({ port: 0, templateDir: folder, verbose: true, log: workers.read })
    await gateway.ask('target', local.origin)
    crowd = startCrowd(local.url)
    await crowd.ask('grow', { to: size })
  }, 1_800_000)
  afterAll(async () => {
    await crowd.stop()
    await local.stop()
    await gateway.stop()
    await rm(folder, { recursive: true })
  })

  test('delivers a message once to every live connection without waiting for hanging ones', async () => {
    const [dead, hanging] = [someMembers(20), someMembers(40)]
    const live = size - 1 - dead.length - hanging.length
    await gateway.ask('hold', await crowd.ask('ids', { members: hanging }))
    local.faults.set('dropDisconnect:1')
    await crowd.ask('cut', { members: dead })
    local.faults.set('')

    const { seq, ...received } = await crowd.ask('send', { text: 'hello', without: hanging })
    expect(received).toMatchObject({ once: live, twice: 0, never: 0, elsewhere: 0 })
    expect(await gateway.ask('allHeld', null)).toBe(0)

    await gateway.ask('release', null)
    // The author is on the roster too and counts as delivered.
    expect(await workers.outcomes(size)).toEqual({ delivered: size - dead.length, gone: dead.length })
    const next = await crowd.ask('send', { text: 'and again' })
    expect(next).toMatchObject({ seq: seq + 1, once: live + hanging.length, twice: 0, never: 0, elsewhere: 0 })
    expect(await workers.outcomes(size - dead.length)).toEqual({ delivered: size - dead.length })
    expect(await crowd.ask('counts', { seq, without: hanging })).toMatchObject({ once: live, twice: 0, elsewhere: 0 })
  })
})
