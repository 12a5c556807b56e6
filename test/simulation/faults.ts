import { rates as published } from '../../lambdas/budgets.ts'
import type { Rates } from '../../lambdas/domain/budget/rate.ts'
import { Chance } from './chance.ts'

/** What one simulated room has to endure, all of it drawn from the seed. */
export interface Weather {
  seed: number
  authors: number
  messagesEach: number
  /** Mean time an author thinks before the next message. */
  pauseMs: number
  /** Authors who do not wait for an acknowledgement before they send again. */
  eager: number
  /** Probability that a request to the store goes wrong in some way. */
  trouble: number
  crash: number
  slowStart: number
  lostFrame: number
  refusal: number
  skewMs: number
  clockJump: number
  /** Probability that a page read is eventually consistent. */
  stale: number
  /** Probability that an author's `after` lies about as far back as an append looks. */
  behind: number
  /** How many entries retention leaves; all of them when 0. */
  keeps: number
  functionTimeoutMs: number
  clientPatienceMs: number
  /** How much may be said; as much as one likes when it is left out. */
  rates?: Rates | undefined
}

/** Nothing goes wrong. */
export const CALM = {
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
  clientPatienceMs: 5000,
} satisfies Partial<Weather>

/** So little that every room runs into it. */
const tight: Rates = { room: { perSecond: 25, burst: 20 }, author: { perSecond: 5, burst: 5 } }

export function weatherOf(seed: number): Weather {
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
    clientPatienceMs: chance.pick([300, 1500, 5000]),
    rates: chance.pick([undefined, published, tight]),
  }
}
