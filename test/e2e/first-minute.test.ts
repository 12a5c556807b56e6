import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { goneWith } from '../support/local-run/processes.ts'

jest.setTimeout(180_000)

const mark = randomUUID()

/** What a person has before them: a command under way, the lines it printed, and a keyboard. */
class Terminal {
  readonly lines: string[] = []
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<unknown>
  #printed: (() => void)[] = []
  #over = false

  constructor(command: string, environment: Record<string, string> = {}) {
    const env = { ...process.env, NODE_OPTIONS: '', RUN_MARK: mark, ...environment }
    this.child = spawn('/bin/sh', ['-c', command], { env })
    this.ended = once(this.child, 'close').then(() => {
      this.#over = true
      this.#tell()
    })
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line)
      this.#tell()
    })
    createInterface({ input: this.child.stderr }).on('line', (line) => this.lines.push(line))
  }

  type(line: string): void {
    this.child.stdin.write(`${line}\n`)
  }

  /** Resolves with the first line that the pattern fits. */
  async shows(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.lines.find((shown) => pattern.test(shown))
      if (line !== undefined) return line
      if (this.#over) throw new Error(`It ended without ${pattern}:\n${this.lines.join('\n')}`)
      await new Promise<void>((resolve) => this.#printed.push(resolve))
    }
  }

  #tell(): void {
    for (const resolve of this.#printed.splice(0)) resolve()
  }
}

const terminals: Terminal[] = []
const open = (command: string, environment?: Record<string, string>) => {
  const terminal = new Terminal(command, environment)
  terminals.push(terminal)
  return terminal
}
afterAll(() => {
  for (const { child } of terminals) child.kill('SIGKILL')
})

describe('the first minute', () => {
  it('is npm start, two lines to paste, and a chat; then it ends and leaves nothing behind', async () => {
    const start = open('exec npm start', { PORT: '0' })
    await start.shows(/^Ready: ws:/)
    await start.shows(/ bob$/)
    const pasted = start.lines.slice(start.lines.findIndex((line) => line.startsWith('Ready: ')) + 1)
    expect(pasted).toHaveLength(2)

    const [first = '', second = ''] = pasted
    const alice = open(first)
    expect(await alice.shows(/^\* You are in/)).toBe('* You are in Lobby. What you type is said there.')
    const bob = open(second)
    await bob.shows(/^\* You are in Lobby/)
    expect(await alice.shows(/bob/)).toBe('* bob joined')
    alice.type('Is anybody here? {"yes": 1} — ☕')
    await bob.shows(/^alice: Is anybody/)
    bob.type('I am.')
    await alice.shows(/^bob: I am\.$/)
    alice.type('Good!')
    await bob.shows(/^alice: Good!$/)
    expect(bob.lines).toEqual([
      '* You are in Lobby. What you type is said there.',
      'alice: Is anybody here? {"yes": 1} — ☕',
      'alice: Good!',
    ])
    expect(alice.lines).toEqual(['* You are in Lobby. What you type is said there.', '* bob joined', 'bob: I am.'])

    bob.child.stdin.end()
    await bob.ended
    await alice.shows(/^\* bob left$/)
    start.child.kill('SIGTERM')
    await Promise.all([start.ended, alice.ended])
    expect(alice.lines.at(-1)).toBe('closed: 1001 Going away')
    await goneWith(mark)
  })
})
