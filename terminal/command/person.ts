import { createInterface, type Interface } from 'node:readline'
import { type Readable, Writable } from 'node:stream'
import { exitCodes, Failure } from './failure.ts'

/** Who started the command: somebody at a terminal, or a program, whose answers come through a pipe. */
export interface Person {
  /** Whether somebody is there to answer questions. */
  readonly isPresent: boolean
  /** The next line of the input; undefined if it has ended. */
  ask(question: string): Promise<string | undefined>
  /** The same, without showing the answer. */
  askSecretly(question: string): Promise<string | undefined>
  /** Lets the process end. */
  leave(): void
}

/** The command was stopped at a question. */
class Interrupted extends Failure {
  override readonly exitCode = exitCodes.interrupted

  constructor() {
    super('Stopped; nothing more was done.', 'interrupted')
  }
}

/** The person at this input. Questions go to the screen, and only if the input is a terminal. */
export function personAt(input: Readable & { isTTY?: boolean }, screen: Writable): Person {
  const isPresent = input.isTTY === true
  let [typing, isHidden]: [Interface | undefined, boolean] = [undefined, false]
  const waiting: ((line: string | undefined) => void)[] = []
  const lines: string[] = []
  let [hasEnded, isInterrupted] = [false, false]
  const echo = new Writable({
    write: (chunk: Buffer, _, done) => {
      if (!isHidden) screen.write(chunk)
      done()
    },
  })
  const start = () => {
    if (typing !== undefined) return
    typing = createInterface({ input, ...(isPresent && { output: echo, terminal: true }) })
    typing.on('line', (line) => {
      const next = waiting.shift()
      if (next) next(line)
      else lines.push(line)
    })
    typing.on('SIGINT', () => {
      isInterrupted = true
      typing?.close()
    })
    typing.on('close', () => {
      hasEnded = true
      for (const next of waiting.splice(0)) next(undefined)
    })
  }
  const nextLine = async (question: string): Promise<string | undefined> => {
    start()
    if (isPresent) screen.write(question)
    const line =
      lines.shift() ??
      (hasEnded ? undefined : await new Promise<string | undefined>((resolve) => waiting.push(resolve)))
    if (isInterrupted) throw new Interrupted()
    return line
  }
  return {
    isPresent,
    ask: nextLine,
    async askSecretly(question) {
      isHidden = true
      try {
        return await nextLine(question)
      } finally {
        isHidden = false
        if (isPresent) screen.write('\n')
      }
    },
    leave: () => typing?.close(),
  }
}

/**
 * Asks for a word before something that cannot be undone. Without a person, the flag `--yes` must be given.
 */
export async function confirm(
  person: Person,
  { yes, word, what }: { yes: boolean; word: string; what: string },
): Promise<void> {
  if (yes) return
  if (!person.isPresent) throw new Failure(`${what} needs --yes where nobody can be asked.`, 'unconfirmed')
  const answer = await person.ask(`Type ${word} to go on: `)
  if (answer?.trim() !== word) throw new Failure('Not confirmed; nothing was done.', 'unconfirmed')
}
