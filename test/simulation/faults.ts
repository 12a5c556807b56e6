import { rates as published } from '../../lambdas/budgets.ts'
import type { Rates } from '../../lambdas/domain/budget/rate.ts'
import { Chance } from './chance.ts'

/** The load and the faults of one simulated room, all drawn from its seed. */
export interface FaultPlan {
  seed: number
  authors: number
  messagesEach: number
  /** The mean pause of an author between two messages. */
  pauseMs: number
  /** Probability that an author sends without waiting for earlier acknowledgements. */
  eager: number
  /** Probability that a request to the store fails in some way. */
  trouble: number
  crash: number
  slowStart: number
  lostFrame: number
  refusal: number
  skewMs: number
  clockJump: number
  /** Probability that a page read is eventually consistent. */
  stale: number
  /** Probability that an author's `after` is about as old as an append accepts. */
  behind: number
  /** The number of entries that retention leaves; 0 means all. */
  keeps: number
  functionTimeoutMs: number
  clientTimeoutMs: number
  /** Without rates there is no limit. */
  rates?: Rates | undefined
}

export const NO_FAULTS = {
  eager: 1,
  trouble: 0,
  crash: 0,
  slowStart: 0,
  lostFrame: 0,
  refusal: 0,
  skewMs: 0,
  clockJump: 0,
  stale: 0,
  behind: 0,
  keeps: 0,
  functionTimeoutMs: 10_000,
  clientTimeoutMs: 5000,
} satisfies Partial<FaultPlan>

/** So low that every room exceeds them. */
const tight: Rates = { room: { perSecond: 25, burst: 20 }, author: { perSecond: 5, burst: 5 } }

export function planOf(seed: number): FaultPlan {
  const chance = new Chance(seed)
  const isHot = chance.hits(0.1)
  const authors = isHot ? chance.whole(16, 40) : chance.whole(1, 8)
  return {
    seed,
    authors,
    messagesEach: Math.ceil(chance.between(150, 450) / authors),
    pauseMs: isHot ? chance.pick([0, 5, 50]) : chance.pick([20, 200, 1000, 3000]),
    eager: chance.pick([0, 0.2, 1]),
    trouble: chance.pick([0, 0.01, 0.04, 0.15]),
    crash: chance.pick([0, 0.002, 0.01, 0.05]),
    slowStart: chance.pick([0, 0.02, 0.15]),
    lostFrame: chance.pick([0, 0.02, 0.1]),
    refusal: chance.pick([0, 0.01]),
    skewMs: chance.pick([0, 1000, 60_000]),
    clockJump: chance.pick([0, 0.01]),
    stale: chance.pick([0, 0, 0, 0.3]),
    behind: chance.pick([0, 0, 0.02, 0.1]),
    keeps: chance.hits(0.25) ? chance.whole(30, 120) : 0,
    functionTimeoutMs: chance.pick([2000, 4000, 10_000]),
    clientTimeoutMs: chance.pick([300, 1500, 5000]),
    rates: chance.pick([undefined, published, tight]),
  }
}
