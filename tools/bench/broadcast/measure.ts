import { readFileSync } from 'node:fs'
import { type LocalRun, startLocalRun } from '../../../test/support/local-run/local-run.ts'
import { type Consumption, consumed } from '../consumption.ts'
import { type Crowd, startCrowd } from '../crowd/crowd.ts'
import type { Delivery } from '../crowd/messages.ts'
import { textOf } from '../members.ts'
import { progress } from '../progress.ts'

/** The deliveries of all messages in one situation, and their mean use. */
export interface Measurement {
  situation: string
  connections: number
  deliveries: Delivery[]
  used: Consumption
}

export interface CrowdResult {
  measurements: Measurement[]
  /** MiB of the local run, by situation. */
  memory: readonly (readonly [situation: string, mebibytes: number])[]
}

const inlineAtMost = 500
const few = 5
const many = 20

/** Measures one growing room with real sockets: at each size it sends some messages, one after another. */
export async function measureCrowd(sizes: readonly number[]): Promise<CrowdResult> {
  const run = await startLocalRun()
  const crowd = startCrowd(run.url)
  const measurements: Measurement[] = []
  const memory: [string, number][] = []
  const noteMemory = (situation: string) => memory.push([situation, memoryOf(run.pid)])
  const largest = Math.max(...sizes)
  const measure = async (situation: string, connections: number, times: number) =>
    measurements.push(await send(run, crowd, { situation, connections, times }))
  try {
    await crowd.ask('grow', { to: 1 })
    noteMemory('one connection')
    for (const size of sizes) {
      progress(`broadcast: ${size} connections join`)
      await crowd.ask('grow', { to: size })
      if (size === largest) noteMemory(`${size} connections`)
      await measure('all live', size, size === largest ? many : few)
    }
    noteMemory(`after ${many} more messages`)
    await addFaults(run, crowd, largest)
    await measure('2 % dead, 2 % hanging', largest, 1)
    await measure('the dead are gone, 2 % hanging', largest, few)
    await crowd.stop()
    await consumed(run, 1, async () => undefined)
    noteMemory('after all have left')
    return { measurements, memory }
  } finally {
    await crowd.stop()
    await run.stop()
  }
}

async function send(
  run: LocalRun,
  crowd: Crowd,
  { situation, connections, times }: { situation: string; connections: number; times: number },
): Promise<Measurement> {
  progress(`broadcast: ${times} messages to ${connections} connections, ${situation}`)
  const deliveries: Delivery[] = []
  const isLarge = connections > inlineAtMost
  if (situation === 'all live') {
    // The first message makes the room large and starts the functions.
    await consumed(run, 1, () => crowd.ask('send', { text: textOf(0) }))
    if (isLarge) await consumed(run, 1, () => crowd.ask('send', { text: textOf(0) }))
  }
  const used = await consumed(run, times, async () => {
    for (let at = 1; at <= times; at++) {
      deliveries.push(await crowd.ask('send', { text: textOf(at) }))
      if (isLarge) await broadcastsOf(run, at)
    }
  })
  return { situation, connections, deliveries, used }
}

/** Waits for a broadcast, as messages sent during it would be batched. */
async function broadcastsOf(run: LocalRun, count: number): Promise<void> {
  for (;;) {
    const { invocations } = JSON.parse(await (await fetch(`${run.origin}/_local/usage`)).text())
    const found = invocations.find(({ function: name }: { function: string }) => name.includes('Broadcast'))
    if (found?.calls >= count) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Cuts some connections without a disconnect event, and lets a share of the posts hang. */
async function addFaults(run: LocalRun, crowd: Crowd, size: number): Promise<void> {
  const faults = (spec: string) => fetch(`${run.origin}/_local/faults`, { method: 'PUT', body: spec })
  const dead = Array.from({ length: Math.round(size / 50) }, (_, at) => at * 50 + 20)
  await faults('dropDisconnect:1')
  await crowd.ask('cut', { members: dead.filter((number) => number < size) })
  await faults('hangPost:0.02')
}

/** Read from Linux. */
function memoryOf(pid: number): number {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kibibytes) / 1024)
}
