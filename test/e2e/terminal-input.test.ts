import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { TerminalEmulator } from '../support/terminal-emulator.ts'
import { aWorld } from './world.ts'

const check = spawnSync('python3', ['-c', 'import pty, os; os.openpty()'], { encoding: 'utf8' })
const isMissing = check.status !== 0
if (isMissing) process.stderr.write('The input line of npm run chat is not tested: python3 with pty is missing.\n')
const describeWithPty = isMissing ? describe.skip : describe

const columns = 30
const relay = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'

/** `npm run chat` in a terminal, and its keyboard. */
class Terminal {
  readonly screen = new TerminalEmulator(columns)
  readonly process: ChildProcessWithoutNullStreams

  constructor(args: readonly string[], token: string) {
    const line = `stty cols ${columns} rows 24; exec "$0" --import tsx terminal/main.ts chat "$@"`
    this.process = spawn('python3', ['-c', relay, 'sh', '-c', line, process.execPath, ...args], {
      env: { ...process.env, NODE_OPTIONS: '', TERM: 'xterm', CHAT_TOKEN: token },
    })
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => this.screen.write(text))
  }

  type(keys: string): void {
    this.process.stdin.write(keys)
  }

  /** Resolves when the screen matches these lines, which are regular expressions. */
  async shows(...lines: string[]): Promise<void> {
    const expected = new RegExp(`^${lines.join('\n')}$`)
    while (!expected.test(this.screen.rows.join('\n'))) await once(this.process.stdout, 'data')
  }
}

describeWithPty('npm run chat in a terminal', () => {
  const world = aWorld()
  let terminal: Terminal
  afterEach(() => terminal?.process.kill('SIGKILL'))

  test('keeps an unfinished input line of several rows while messages arrive, and sends it complete', async () => {
    const room = await world().room()
    const bob = await world().joined('bob', room)
    const { url, token } = world().deployment
    terminal = new Terminal(['--timeout', '60', '--url', url, '--room', room.name], await token('alice'))
    await terminal.shows('[^]*', '>')
    const greeting = terminal.screen.rows.slice(0, -1)
    const half = 'This is half a sentence that takes three rows of the terminal'
    terminal.type(half)
    const [first, second, third] = [`> ${half.slice(0, 28)}`, half.slice(28, 58), half.slice(58)].map((row) =>
      row.trimEnd(),
    )
    const above = greeting.map((row) => row.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const typed = [first ?? '', second ?? '', third ?? '']
    await terminal.shows(...above, ...typed)
    await bob.ask('send', { roomId: room.roomId, text: 'One' })
    await terminal.shows(...above, '.* Bob: One', ...typed)
    await bob.ask('send', { roomId: room.roomId, text: 'Two\nlines' })
    await terminal.shows(...above, '.* Bob: One', '.* Bob: Two', '      │ lines', ...typed)
    terminal.type(', done\r')
    expect(await bob.push('message', { text: `${half}, done` })).toBeDefined()
    const exited = once(terminal.process, 'exit')
    terminal.type('\u0004')
    expect((await exited)[0]).toBe(0)
  })
})
