import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Screen } from '../support/screen.ts'
import { aWorld } from './world.ts'

jest.setTimeout(180_000)

const trial = spawnSync('python3', ['-c', 'import pty, os; os.openpty()'], { encoding: 'utf8' })
const isAbsent = trial.status !== 0
if (isAbsent) process.stderr.write('The input line of npm run chat is not tested: there is no python3 with a pty.\n')
const describeWithPty = isAbsent ? describe.skip : describe

const columns = 30
const relay = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'

/** `npm run chat` at a terminal. */
class Typist {
  readonly screen = new Screen(columns)
  readonly process: ChildProcessWithoutNullStreams

  constructor(words: readonly string[], token: string) {
    const line = `stty cols ${columns} rows 24; exec "$0" --import tsx terminal/main.ts chat "$@"`
    this.process = spawn('python3', ['-c', relay, 'sh', '-c', line, process.execPath, ...words], {
      env: { ...process.env, NODE_OPTIONS: '', TERM: 'xterm', CHAT_TOKEN: token },
    })
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => this.screen.write(text))
  }

  types(keys: string): void {
    this.process.stdin.write(keys)
  }

  /** Resolves when the whole screen is as the lines say, in which a dot stands for any character. */
  async shows(...lines: string[]): Promise<void> {
    const wanted = new RegExp(`^${lines.join('\n')}$`)
    while (!wanted.test(this.screen.rows.join('\n'))) await once(this.process.stdout, 'data')
  }
}

describeWithPty('npm run chat at a terminal', () => {
  const world = aWorld()
  let typist: Typist
  afterEach(() => typist?.process.kill('SIGKILL'))

  test('keeps a half-typed line of several rows while others speak, and sends it whole', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const { url, token } = world().deployment
    typist = new Typist(['--timeout', '60', '--url', url, '--room', room.name], await token('alice'))
    await typist.shows('[^]*', '>')
    const greeting = typist.screen.rows.slice(0, -1)
    const half = 'This is half a sentence that takes three rows of the terminal'
    typist.types(half)
    const [first, second, third] = [`> ${half.slice(0, 28)}`, half.slice(28, 58), half.slice(58)].map((row) =>
      row.trimEnd(),
    )
    const above = greeting.map((row) => row.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const typed = [first ?? '', second ?? '', third ?? '']
    await typist.shows(...above, ...typed)
    await bob.ask('send', { roomId: room.roomId, text: 'One' })
    await typist.shows(...above, '.* Bob: One', ...typed)
    await bob.ask('send', { roomId: room.roomId, text: 'Two\nlines' })
    await typist.shows(...above, '.* Bob: One', '.* Bob: Two', '      │ lines', ...typed)
    typist.types(', done\r')
    expect(await bob.push('message', { text: `${half}, done` })).toBeDefined()
    const exited = once(typist.process, 'exit')
    typist.types('\u0004')
    expect((await exited)[0]).toBe(0)
  })
})
