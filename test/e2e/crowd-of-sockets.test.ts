import { rm } from 'node:fs/promises'
import { type Local, startLocal } from '../../local/start.ts'
import { type Crowd, startCrowd } from '../../tools/bench/crowd/crowd.ts'
import { type Forked, startForked } from '../../tools/bench/forked.ts'
import { postingTo } from '../support/foreign-process.ts'
import { WorkersLog } from '../support/local-run/workers-log.ts'
import type { HoldingWords } from '../support/socket/holding-gateway.ts'

/** `CROWD=10000` sets how many there are; the default is large enough to be reached behind the reply. */
const size = Number(process.env.CROWD ?? 600)

jest.setTimeout(process.env.CROWD ? 1_800_000 : 240_000)

/** Two of a hundred, from somewhere in each hundred. */
const some = (from: number): number[] => Array.from({ length: size / 50 }, (_, at) => at * 50 + from)

/** A post that gets no answer is never given up: whoever waited for one would wait for good. */
const endlessPatience =
  'const after = setTimeout; globalThis.setTimeout = (run, ms, ...more) => after(run, ms === 1500 ? 2 ** 31 - 1 : ms, ...more)'

describe(`${size} connections in one room, of which some are dead and some hang`, () => {
  const workers = new WorkersLog()
  let gateway: Forked<HoldingWords>
  let folder: string
  let local: Local
  let crowd: Crowd

  beforeAll(async () => {
    gateway = startForked<HoldingWords>('test/support/socket/holding-gateway.ts')
    const variables = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(endlessPatience)}` }
    folder = await postingTo({ origin: await gateway.ask('origin', null), variables })
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

  test('one message arrives once at every live one, and the last of them waits for none that hangs', async () => {
    const [dead, hanging] = [some(20), some(40)]
    const live = size - 1 - dead.length - hanging.length
    await gateway.ask('hold', await crowd.ask('ids', { members: hanging }))
    local.faults.set('dropDisconnect:1')
    await crowd.ask('cut', { members: dead })
    local.faults.set('')

    const { seq, ...heard } = await crowd.ask('say', { text: 'hello', without: hanging })
    expect(heard).toMatchObject({ once: live, twice: 0, never: 0, elsewhere: 0 })
    expect(await gateway.ask('allHeld', null)).toBe(0)

    await gateway.ask('letGo', null)
    // The speaker is on the roster too, and counts as reached.
    expect(await workers.outcomes(size)).toEqual({ delivered: size - dead.length, gone: dead.length })
    const next = await crowd.ask('say', { text: 'and again' })
    expect(next).toMatchObject({ seq: seq + 1, once: live + hanging.length, twice: 0, never: 0, elsewhere: 0 })
    expect(await workers.outcomes(size - dead.length)).toEqual({ delivered: size - dead.length })
    expect(await crowd.ask('tally', { seq, without: hanging })).toMatchObject({ once: live, twice: 0, elsewhere: 0 })
  })
})
