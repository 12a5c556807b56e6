import { readFileSync } from 'node:fs'
import { type LocalRun, startLocalRun } from '../../../test/support/local-run/local-run.ts'
import { type Consumption, consumed } from '../consumption.ts'
import { type Crowd, startCrowd } from '../crowd/crowd.ts'
import type { Heard } from '../crowd/messages.ts'
import { textOf } from '../members.ts'
import { progress } from '../progress.ts'

/** What a message took in one situation: of each message the times, and of all on average the costs. */
export interface Taken {
  situation: string
  connections: number
  heard: Heard[]
  used: Consumption
}

export interface Crowded {
  taken: Taken[]
  /** MiB of the local run, by what is the case. */
  memory: readonly (readonly [situation: string, mebibytes: number])[]
}

const inlineAtMost = 500
const few = 5
const many = 20

/** One room that grows, on real sockets: at each size a few messages are said, one after another. */
export async function crowded(sizes: readonly number[]): Promise<Crowded> {
  const run = await startLocalRun()
  const crowd = startCrowd(run.url)
  const taken: Taken[] = []
  const memory: [string, number][] = []
  const remember = (situation: string) => memory.push([situation, memoryOf(run.pid)])
  const largest = Math.max(...sizes)
  const measure = async (situation: string, connections: number, times: number) =>
    taken.push(await say(run, crowd, { situation, connections, times }))
  try {
    await crowd.ask('grow', { to: 1 })
    remember('one connection')
    for (const size of sizes) {
      progress(`broadcast: ${size} connections come`)
      await crowd.ask('grow', { to: size })
      if (size === largest) remember(`${size} connections`)
      await measure('all live', size, size === largest ? many : few)
    }
    remember(`after ${many} messages more`)
    await spoil(run, crowd, largest)
    await measure('2 % dead, 2 % hanging', largest, 1)
    await measure('the dead are gone, 2 % hanging', largest, few)
    await crowd.stop()
    await consumed(run, 1, async () => undefined)
    remember('everybody is gone')
    return { taken, memory }
  } finally {
    await crowd.stop()
    await run.stop()
  }
}

async function say(
  run: LocalRun,
  crowd: Crowd,
  { situation, connections, times }: { situation: string; connections: number; times: number },
): Promise<Taken> {
  progress(`broadcast: ${times} messages to ${connections} connections, ${situation}`)
  const heard: Heard[] = []
  const isLarge = connections > inlineAtMost
  if (situation === 'all live') {
    // A room becomes large by a message, and functions that never ran start with it.
    await consumed(run, 1, () => crowd.ask('say', { text: textOf(0) }))
    if (isLarge) await consumed(run, 1, () => crowd.ask('say', { text: textOf(0) }))
  }
  const used = await consumed(run, times, async () => {
    for (let at = 1; at <= times; at++) {
      heard.push(await crowd.ask('say', { text: textOf(at) }))
      if (isLarge) await broadcastsOf(run, at)
    }
  })
  return { situation, connections, heard, used }
}

/** What is said while a broadcast holds the next one back would travel together. */
async function broadcastsOf(run: LocalRun, count: number): Promise<void> {
  for (;;) {
    const { invocations } = JSON.parse(await (await fetch(`${run.origin}/_local/usage`)).text())
    const found = invocations.find(({ function: name }: { function: string }) => name.includes('Broadcast'))
    if (found?.calls >= count) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** From now on some are dead, which nobody has told, and posts get no answer at random. */
async function spoil(run: LocalRun, crowd: Crowd, size: number): Promise<void> {
  const faults = (spec: string) => fetch(`${run.origin}/_local/faults`, { method: 'PUT', body: spec })
  const dead = Array.from({ length: Math.round(size / 50) }, (_, at) => at * 50 + 20)
  await faults('dropDisconnect:1')
  await crowd.ask('cut', { members: dead.filter((number) => number < size) })
  await faults('hangPost:0.02')
}

/** Linux tells it. */
function memoryOf(pid: number): number {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kibibytes) / 1024)
}
