import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeFor } from '../../terminal/command/start.ts'
import { smoke } from '../../terminal/verify/smoke.ts'
import { verify } from '../../terminal/verify/verify.ts'
import { capturedOutput } from '../support/captured-output.ts'
import { type Fault, FaultyGateway } from '../support/faulty-gateway.ts'
import * as planted from '../support/planted-faults.ts'
import type { Frame } from '../support/socket/chat-socket.ts'
import { aLocalWorld } from './local-world.ts'
import { endPrograms, outcome, program } from './programs.ts'

const world = aLocalWorld()
const quick = ['--settle', '0.1', '--messages', '5', '--flood', '50', '--timeout', '60', '--json']

const lines = (text: string): Frame[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

/** Runs verify with JSON. Returns the exit code, the checks by verdict, and the line for an issue. */
async function verified(url: string, ...more: string[]) {
  const { output, printed } = capturedOutput(true)
  const code = await codeFor(verify, ['--endpoint', url, ...quick, ...more], output)
  const { out, error } = printed()
  const findings = lines(out).filter(({ check }) => check !== undefined)
  const named = (verdict: string) => findings.filter((one) => one.verdict === verdict).map(({ check }) => check)
  return { code, findings, failed: named('failed'), unknown: named('unknown'), error, out }
}

/** The rooms of the command that this user is a member of. */
async function roomsOf(user: string): Promise<string[]> {
  const socket = await world().connect(user)
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page: Frame = await socket.ask('browse', { mine: true, ...(cursor && { cursor }) })
    names.push(...page.rooms.map(({ name }: Frame) => name))
    cursor = page.cursor
  } while (cursor)
  return names.filter((name) => name.startsWith('verify '))
}

describe('npm run verify', () => {
  let folder: string
  let file: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-'))
    file = join(folder, 'tokens.json')
  })
  afterAll(() => rm(folder, { recursive: true }))
  afterEach(endPrograms)

  it('finds nothing wrong with the local run, deletes its rooms, and prints no token and no host', async () => {
    const { url, token } = world().deployment
    const tokens = Object.fromEntries(
      await Promise.all(['alice', 'bob', 'carol', 'root'].map(async (name) => [name, await token(name)])),
    )
    await writeFile(file, JSON.stringify(tokens))
    const { code, failed, unknown, findings, out, error } = await verified(url, '--tokens', file)
    expect({ code, failed, unknown }).toEqual({
      code: 0,
      failed: [],
      unknown: ['message of 128 KB', 'send-to-seen', 'throttled frame', 'close codes'],
    })
    expect(findings.length).toBeGreaterThan(25)
    for (const secret of [...Object.values(tokens), new URL(url).host]) expect(out + error).not.toContain(secret)
    const { line } = lines(out).at(-1) ?? {}
    expect(line).toMatch(/^persistent-chat \d\S* verify of a local run at ws:\/\/…\/chat, protocol 1\.2, node \d/)
    expect(line).toContain('ping passed (accepted, with the id "p1")')
    expect(error).not.toContain('stays')
    expect(await roomsOf('root')).toEqual([])
  })

  it('names the rooms that nobody may delete', async () => {
    const { url, token } = world().deployment
    await writeFile(file, JSON.stringify({ alice: await token('alice'), bob: await token('bob') }))
    const { code, failed, error } = await verified(url, '--tokens', file, 'resume')
    expect({ code, failed }).toEqual({ code: 0, failed: [] })
    expect(error).toMatch(/The room .*verify resume .* stays: none of these people may delete it\./)
    expect(await roomsOf('bob')).toEqual([expect.stringMatching(/^verify resume /)])
  })

  it('refuses two tokens of one user, and a token that the server refuses', async () => {
    const { url, token } = world().deployment
    const twice = await token('alice')
    for (const [bob, status, sentence] of [
      [twice, 2, 'the tokens of alice and bob are of the same user'],
      ['e30.e30.e30', 1, 'refuses the token of bob (401)'],
    ] as const) {
      await writeFile(file, JSON.stringify({ alice: twice, bob }))
      const { output, printed } = capturedOutput()
      expect(await codeFor(verify, ['--endpoint', url, '--tokens', file], output)).toBe(status)
      const { out, error } = printed()
      expect([out, error.trim().split('\n').length]).toEqual(['', 1])
      expect(error).toContain(sentence)
      expect(error).not.toContain(bob)
    }
  })

  it('prints a table, progress beside it, and one line to paste', async () => {
    const { url } = world().deployment
    const args = ['verify', '--endpoint', url, '--timeout', '60', 'requests']
    const { code, out, error } = await outcome(program('terminal/main.ts', args))
    expect({ code, error }).toEqual({ code: 0, error: ['* requests …'] })
    expect(out[0]).toMatch(/^verdict +check +expected +seen$/)
    expect(out.slice(1, 4)).toEqual(
      ['ping', 'unknown action', 'malformed JSON'].map((check) => expect.stringContaining(check)),
    )
    expect(out.slice(4)).toEqual(['', expect.stringMatching(/: 3 passed, 0 failed, 0 unknown: ping passed/)])
  })

  it('deletes its rooms when it is interrupted', async () => {
    const { url } = world().deployment
    const args = ['verify', '--endpoint', url, '--timeout', '60', '--messages', '500', 'append']
    const { child, error, exited } = program('terminal/main.ts', args)
    expect(await error.next()).toBe('* append …')
    while ((await roomsOf('root')).length === 0) {}
    child.kill('SIGINT')
    expect(await error.all()).toEqual(['* append …'])
    expect(await exited).toBe(130)
    expect(await roomsOf('root')).toEqual([])
  })

  it('finds the guarantees of the log kept while calls, posts and events fail', async () => {
    await world().faults(
      'throttleTable:0.02,failCallBefore:0.02,failCallAfter:0.02,post429:0.04,post410:0.01,twiceMessage:0.1,dropDisconnect:0.3',
    )
    const { code, failed, findings } = await verified(world().deployment.url, 'append')
    expect({ code, failed, findings }).toEqual({ code: 0, failed: [], findings })
  })
})

describe('npm run verify before a gateway', () => {
  let gateway: FaultyGateway
  beforeAll(async () => {
    gateway = await FaultyGateway.before(world().deployment.url)
  })
  afterAll(() => gateway.close())

  const faults: [what: string, failed: string[], part: string, fault: Fault][] = [
    ['has no fault', [], 'pushes', (frame) => [frame]],
    ['lets pushes overtake each other', ['push.order'], 'pushes', planted.reordering()],
    ['drops pushes', ['push.arrives'], 'pushes', planted.dropping()],
    ['doubles pushes', ['push.once'], 'pushes', planted.doubling()],
    ['changes the position in a push', ['push.same'], 'pushes', planted.renumberingPushes],
    ['changes the position in a reply', ['append.kept'], 'append', planted.renumberingReplies],
    [
      'hides an acknowledged message from history',
      ['append.dense', 'append.kept', 'append.readers'],
      'append',
      planted.hiding,
    ],
    ['has a message twice', ['append.dense', 'append.once', 'append.readers'], 'append', planted.repeating],
    ['has a clock that goes back', ['append.readers', 'append.clock'], 'append', planted.misdating],
    ['leaves a message out of a resumed join', ['resume.page'], 'resume', planted.skipping],
    ['delivers to somebody revoked', ['revoke.silence'], 'revoke', planted.deliveringAfterRevocation],
    ['does not say why a connection ends', ['oldest connection'], 'eviction', planted.silentEviction],
  ]

  it.each(faults)('that %s: the checks that fail are %j', async (_, expected, part, fault) => {
    gateway.fault = fault
    const { code, failed, findings } = await verified(gateway.url(world().deployment.url), part)
    expect({ failed, code, findings }).toEqual({ failed: expected, code: expected.length > 0 ? 1 : 0, findings })
  })
})

describe('npm run smoke', () => {
  const run = async (url: string) => {
    const { output, printed } = capturedOutput(true)
    const code = await codeFor(smoke, ['--endpoint', url, '--settle', '0.1', '--timeout', '60', '--json'], output)
    return { code, verdicts: lines(printed().out).flatMap(({ verdict }) => verdict ?? []) }
  }

  it('goes through connect, join, send, see, resume and leave', async () => {
    expect(await run(world().deployment.url)).toEqual({ code: 0, verdicts: Array(6).fill('passed') })
  })

  it('ends at the first step that fails', async () => {
    const gateway = await FaultyGateway.before(world().deployment.url)
    gateway.fault = planted.skipping
    const { code, verdicts } = await run(gateway.url(world().deployment.url))
    await gateway.close()
    expect({ code, verdicts }).toEqual({
      code: 1,
      verdicts: ['passed', 'passed', 'passed', 'passed', 'failed', 'unknown'],
    })
  })
})
