import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { allEnded } from '../support/local-run/processes.ts'
import { TerminalEmulator } from '../support/terminal-emulator.ts'

const mark = randomUUID()

/** A command in a terminal: the rows that a person sees, and the keyboard. */
class Terminal {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<unknown>
  #output = ''
  #hasEnded = false
  #waiting: (() => void)[] = []

  constructor(command: string, environment: Record<string, string> = {}) {
    const env = { ...process.env, NODE_OPTIONS: '', RUN_MARK: mark, ...environment }
    this.child = spawn('/bin/sh', ['-c', command], { env })
    this.ended = once(this.child, 'close').then(() => {
      this.#hasEnded = true
      this.#wake()
    })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        this.#output += chunk
        this.#wake()
      })
    }
  }

  get rows(): string[] {
    const screen = new TerminalEmulator(1000)
    screen.write(this.#output.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'))
    return screen.rows
  }

  type(text: string): void {
    this.child.stdin.write(text)
  }

  /** Resolves with the first row that matches. */
  async shows(pattern: RegExp): Promise<string> {
    for (;;) {
      const row = this.rows.find((shown) => pattern.test(shown))
      if (row !== undefined) return row
      if (this.#hasEnded) throw new Error(`The command ended without ${pattern}:\n${this.rows.join('\n')}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

const terminals: Terminal[] = []
const open = (command: string, environment?: Record<string, string>) => {
  const terminal = new Terminal(command, environment)
  terminals.push(terminal)
  return terminal
}
/** Runs a command in a pseudo-terminal, so that it behaves as for a person. */
const paste = (command: string) => open(`exec script --quiet --flush --command '${command}' /dev/null`)
afterAll(() => {
  for (const { child } of terminals) child.kill('SIGKILL')
})

const [enter, ctrlD] = ['\r', '\u0004']
const youAreIn = '* You are in Lobby. What you type is said there; ctrl-D ends it.'
const message = (text: string) => expect.stringMatching(new RegExp(`^\\S.* ${text}$`))

describe('npm start', () => {
  it('prints two commands with which two people can talk, and leaves no process behind when it ends', async () => {
    const start = open('exec npm start', { PORT: '0' })
    await start.shows(/^Page: http:\S+\/$/)
    await start.shows(/^Ready: ws:/)
    await start.shows(/ bob .*--create$/)
    const commands = start.rows.slice(start.rows.findIndex((row) => row.startsWith('Ready: ')) + 1)
    expect(commands).toHaveLength(2)

    const [first = '', second = ''] = commands
    const alice = paste(first)
    expect(await alice.shows(/^\* You are in/)).toBe(youAreIn)
    const bob = paste(second)
    await bob.shows(/^\* You are in Lobby/)
    expect(await alice.shows(/^\* bob/)).toBe('* bob came in')
    alice.type(`Is anybody here? {"yes": 1} — ☕${enter}`)
    await bob.shows(/ alice: Is anybody/)
    bob.type(`I am.${enter}`)
    await alice.shows(/ bob: I am\.$/)
    alice.type(`Good!${enter}`)
    await bob.shows(/ alice: Good!$/)
    expect(bob.rows.filter((row) => !row.startsWith('>'))).toEqual([
      youAreIn,
      message('alice: Is anybody here\\? \\{"yes": 1\\} — ☕'),
      message('bob: I am\\.'),
      message('alice: Good!'),
    ])

    bob.type(ctrlD)
    await bob.ended
    expect(await alice.shows(/^\* bob went/)).toBe('* bob went out')
    expect(alice.rows.filter((row) => !row.startsWith('>'))).toEqual([
      youAreIn,
      '* bob came in',
      message('alice: Is anybody here\\? \\{"yes": 1\\} — ☕'),
      message('bob: I am\\.'),
      message('alice: Good!'),
      '* bob went out',
    ])

    start.child.kill('SIGTERM')
    await start.ended
    expect(await alice.shows(/^\* The connection/)).toBe('* The connection is down; trying again.')
    alice.type(ctrlD)
    await alice.ended
    await allEnded(mark)
  })
})
