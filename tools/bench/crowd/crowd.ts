import { type Forked, startForked } from '../forked.ts'
import type { CrowdRequests } from './messages.ts'

/** Thousands of clients in their own process. */
export type Crowd = Forked<CrowdRequests>

export const startCrowd = (url: string): Crowd => startForked<CrowdRequests>('tools/bench/crowd/clients.ts', url)
