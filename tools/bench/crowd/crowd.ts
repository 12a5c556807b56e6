import { type Forked, startForked } from '../forked.ts'
import type { CrowdWords } from './messages.ts'

/** Thousands of clients in a process of their own. */
export type Crowd = Forked<CrowdWords>

export const startCrowd = (url: string): Crowd => startForked<CrowdWords>('tools/bench/crowd/clients.ts', url)
