import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A server in its own process. */
export interface Spawned {
  url: string
  pid: number
  stop(): Promise<unknown>
}

/** Starts a program of the bench. Its first line is its address, and it ends with its standard input. */
export async function startServer(program: string, ...words: string[]): Promise<Spawned> {
  const child = spawn(process.execPath, ['--import', 'tsx', `tools/bench/${program}`, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([once(lines, 'line'), exited.then(() => undefined)])
  if (line === undefined || child.pid === undefined) throw new Error(`${program} ended before it listened.`)
  const stop = () => {
    child.stdin.end()
    return exited
  }
  return { url: String(line[0]), pid: child.pid, stop }
}

/** Ends this program with its standard input, since the parent may end without a signal. */
export function endWithInput(): void {
  process.stdin.on('end', () => process.exit()).resume()
}
