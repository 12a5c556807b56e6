import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'

const running = new Set<ChildProcess>()

/** A command as a process: what it prints comes line by line. */
export interface Program {
  child: ChildProcess & { stdin: NonNullable<ChildProcess['stdin']> }
  out: Interface
  error: Interface
  exited: Promise<number | null>
}

/** Starts a command with these words. `CHAT_TOKEN` and the like go into its environment. */
export function program(file: string, words: readonly string[], environment: Record<string, string> = {}): Program {
  const line = ['--import', 'tsx', file, ...words]
  const env = { ...process.env, NODE_OPTIONS: '', ...environment }
  const child = spawn(process.execPath, line, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined)
  running.add(child)
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  return {
    child,
    out: createInterface({ input: child.stdout }),
    error: createInterface({ input: child.stderr }),
    exited,
  }
}

/** Everything that a program prints, and how it ends. Its input is ended with this text. */
export async function outcome({ child, out, error, exited }: Program, input = '') {
  child.stdin.end(input)
  const [printed, told, code] = await Promise.all([allOf(out), allOf(error), exited])
  return { code, out: printed, error: told }
}

export const allOf = async (lines: Interface): Promise<string[]> => {
  const all: string[] = []
  for await (const line of lines) all.push(line)
  return all
}

/** Ends what a test left running. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
}
