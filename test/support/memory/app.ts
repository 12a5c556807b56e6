import type { App } from '../../../lambdas/app.ts'
import { defaultQuotas } from '../../../lambdas/bindings.ts'
import { RateLimiter } from '../../../lambdas/domain/budget/limiter.ts'
import { Meter } from '../../../lambdas/domain/budget/meter.ts'
import { UserBudget } from '../../../lambdas/domain/budget/user-budget.ts'
import { MemoryConnections } from './connections.ts'
import { cursorKey } from './paging.ts'
import { MemoryReviews } from './reviews.ts'
import { type MemoryStores, memoryStores } from './stores.ts'
import { MemoryWatch } from './watch.ts'

export type MemoryApp = App &
  MemoryStores & { connections: MemoryConnections; reviews: MemoryReviews; watch: MemoryWatch } & Pick<
    MemoryWatch,
    'logLines' | 'notes'
  >

const noLimits = { units: 1e9, messages: 1e9, bad: 1e9, refused: 1e9 }

const throwIt = (error: unknown) => {
  throw error
}

const ample = { perSecond: 1000, burst: 1_000_000 }

/** An app over stores in memory, with a fixed clock and ids that count up. */
export function memoryApp(): MemoryApp {
  let ids = 0
  const watch = new MemoryWatch()
  const stores = memoryStores()
  return {
    ...stores,
    connections: new MemoryConnections(),
    reviews: new MemoryReviews(),
    meter: new Meter(),
    budget: new UserBudget(noLimits, { store: stores.budgets, clock: stores.clock, onError: throwIt }),
    rateLimits: { rates: { room: ample, author: ample } },
    joinLimiter: new RateLimiter(ample, stores.clock),
    cursorKey,
    newId: () => `id-${++ids}`,
    settings: {
      domain: 'chat.test',
      adminGroup: 'chat-admins',
      epoch: 'e1',
      quotas: { ...defaultQuotas },
      recordAddresses: false,
    },
    watch,
    logLines: watch.logLines,
    notes: watch.notes,
    metrics: watch.metrics,
    note: watch.note,
    report: watch.report,
  }
}
