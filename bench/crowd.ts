import type { CrowdWords } from './crowd-words.ts'
import { type Forked, startForked } from './forked.ts'

/** Thousands of clients in a process of their own. */
export type Crowd = Forked<CrowdWords>

export const startCrowd = (url: string): Crowd => startForked<CrowdWords>('bench/crowd-clients.ts', url)
