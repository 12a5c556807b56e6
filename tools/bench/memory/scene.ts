import { startLocalRun } from '../../../test/support/local-run/local-run.ts'
import { consumed } from '../consumption.ts'
import { type Crowd, startCrowd } from '../crowd/crowd.ts'
import type { Heard } from '../crowd/messages.ts'
import { textOf } from '../members.ts'
import { progress } from '../progress.ts'
import { forgetPeak, type Resident, residentOf, startedBy } from './resident.ts'

/** What the memory was while something happened, and when it was over. */
export interface Stage {
  name: string
  run: Resident
  database: Resident
  heard: Heard[]
}

const messages = 20

/** From one message to the next: an author may say no more than five a second, and none is to wait for the one before. */
const betweenMs = 500

/** An environment that is not needed goes a minute later, or two. Rounds are compared without those that brought the crowd in. */
const restMs = 120_000

/** One room of so many sockets, in which messages are said in rounds, one after another, until everybody goes. */
export async function occupied(size: number, rounds: number): Promise<Stage[]> {
  const run = await startLocalRun()
  const crowd = startCrowd(run.url)
  const database = startedBy(run.pid, 'dynoxide')
  const stages: Stage[] = []
  const stage = async (name: string, happen: (heard: Heard[]) => Promise<unknown>) => {
    progress(`memory: ${name}`)
    for (const pid of [run.pid, database]) forgetPeak(pid)
    const heard: Heard[] = []
    await consumed(run, 1, () => happen(heard))
    stages.push({ name, run: residentOf(run.pid), database: residentOf(database), heard })
  }
  try {
    await stage('nobody is there', async () => undefined)
    await stage(`${size} come`, () => crowd.ask('grow', { to: size }))
    await stage('two minutes of rest', rest)
    for (let round = 1; round <= rounds; round++) {
      await stage(`${messages} messages, round ${round}`, (heard) => say(crowd, heard))
    }
    await stage('all go', () => crowd.stop())
    await stage('two minutes of rest, again', rest)
    return stages
  } finally {
    await crowd.stop()
    await run.stop()
  }
}

async function say(crowd: Crowd, heard: Heard[]): Promise<void> {
  for (let at = 0; at < messages; at++) {
    const paused = pause(betweenMs)
    heard.push(await crowd.ask('say', { text: textOf(at) }))
    await paused
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const rest = () => pause(restMs)
