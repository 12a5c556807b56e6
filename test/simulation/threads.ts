import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import type { CampaignResult } from './campaign.ts'
import { type Count, Counts } from './counts.ts'

export interface Order {
  messages: number
  /** Name of the planted fault. */
  fault: string | undefined
}

export type Outcome = Omit<CampaignResult, 'counts'> & { counts: [Count, number][] }

let source: Promise<string> | undefined

/** One file, as modules in the sandbox of jest call each other at twice the cost. */
async function bundled(): Promise<string> {
  const entryPoints = ['test/simulation/thread.ts']
  const { outputFiles } = await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', write: false })
  return outputFiles[0]?.text ?? ''
}

/** Runs a campaign outside the sandbox of jest. */
export async function campaignInThread(messages: number, fault?: string): Promise<CampaignResult> {
  source ??= bundled()
  const order: Order = { messages, fault }
  const worker = new Worker(await source, { eval: true, workerData: order })
  const outcome = await new Promise<Outcome>((resolve, reject) => worker.once('message', resolve).once('error', reject))
  const counts = new Counts()
  counts.addAll(outcome.counts)
  return { ...outcome, counts }
}
