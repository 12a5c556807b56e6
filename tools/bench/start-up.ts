import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { median } from './percentiles.ts'
import { progress } from './progress.ts'
import { rounded, table, verdict } from './report.ts'

const rounds = 5
const most = 3

/** The start time of the local run, compared with a synthesis, which is the minimum of a deployment. */
export async function startUp(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const [starts, syntheses]: [number[], number[]] = [[], []]
    progress('start-up: warming up')
    await timeOfStart()
    await timeOfSynthesis(folder)
    for (let round = 1; round <= rounds; round++) {
      progress(`start-up: round ${round} of ${rounds}`)
      starts.push(await timeOfStart())
      syntheses.push(await timeOfSynthesis(folder))
    }
    const ratio = rounded(median(starts.map((ms, round) => ms / (syntheses[round] ?? Number.NaN))))
    return table(
      ['`npm start` to Ready, s', '`cdk synth --quiet`, s', 'ratio', 'target'],
      [[rounded(median(starts) / 1000), rounded(median(syntheses) / 1000), ratio, verdict(ratio, most)]],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function timeOfStart(): Promise<number> {
  const startedAt = performance.now()
  // Its own process group, since npm starts a shell that starts the program.
  const child = spawn('npm', ['start'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  const ended = once(child, 'exit')
  const ready = new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('Ready: ')) resolve(performance.now() - startedAt)
    })
    void ended.then(() => reject(new Error('The local run ended before it was ready.')))
  })
  try {
    return await ready
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await ended
  }
}

async function timeOfSynthesis(folder: string): Promise<number> {
  const startedAt = performance.now()
  const child = spawn('npm', ['run', 'synth', '--', '--output', folder], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  const [code]: (number | null)[] = await once(child, 'close')
  if (code !== 0) throw new Error(`The synthesis ended with ${code}:\n${errors}`)
  return performance.now() - startedAt
}
