import { parentPort, workerData } from 'node:worker_threads'
import { campaign } from './campaign.ts'
import { PLANTED_FAULTS } from './planted-faults.ts'
import type { Order, Outcome } from './threads.ts'

const { messages, fault }: Order = workerData

async function run(): Promise<void> {
  const { counts, ...rest } = await campaign(
    messages,
    PLANTED_FAULTS.find(({ name }) => name === fault),
  )
  const outcome: Outcome = { ...rest, counts: counts.entries() }
  parentPort?.postMessage(outcome)
}

// The thread ends with the error.
void run()
