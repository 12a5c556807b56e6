import { startLocalRun } from '../../../test/support/local-run/local-run.ts'
import { consumed } from '../consumption.ts'
import { type Crowd, startCrowd } from '../crowd/crowd.ts'
import type { Delivery } from '../crowd/messages.ts'
import { textOf } from '../members.ts'
import { progress } from '../progress.ts'
import { type Resident, resetPeak, residentOf, startedBy } from './resident.ts'

/** The memory during a stage and at its end. */
export interface Stage {
  name: string
  run: Resident
  database: Resident
  deliveries: Delivery[]
}

const messages = 20

/** The pause between two messages, within the rate limit and long enough for the delivery of each. */
const betweenMs = 500

/** Idle environments end within two minutes. The pause removes those that only the joins needed. */
const restMs = 120_000

/** Measures one room of `size` sockets: joins, rounds of messages, and the end of all connections. */
export async function measureStages(size: number, rounds: number): Promise<Stage[]> {
  const run = await startLocalRun()
  const crowd = startCrowd(run.url)
  const database = startedBy(run.pid, 'dynoxide')
  const stages: Stage[] = []
  const stage = async (name: string, action: (deliveries: Delivery[]) => Promise<unknown>) => {
    progress(`memory: ${name}`)
    for (const pid of [run.pid, database]) resetPeak(pid)
    const deliveries: Delivery[] = []
    await consumed(run, 1, () => action(deliveries))
    stages.push({ name, run: residentOf(run.pid), database: residentOf(database), deliveries })
  }
  try {
    await stage('no clients', async () => undefined)
    await stage(`${size} clients join`, () => crowd.ask('grow', { to: size }))
    await stage('two minutes of rest', rest)
    for (let round = 1; round <= rounds; round++) {
      await stage(`${messages} messages, round ${round}`, (deliveries) => send(crowd, deliveries))
    }
    await stage('all leave', () => crowd.stop())
    await stage('two minutes of rest, again', rest)
    return stages
  } finally {
    await crowd.stop()
    await run.stop()
  }
}

async function send(crowd: Crowd, deliveries: Delivery[]): Promise<void> {
  for (let at = 0; at < messages; at++) {
    const paused = pause(betweenMs)
    deliveries.push(await crowd.ask('send', { text: textOf(at) }))
    await paused
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const rest = () => pause(restMs)
