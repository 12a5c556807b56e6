import type { App, Fact } from '../../lambdas/app.ts'
import { MemoryConnections } from './memory-connections.ts'
import { type MemoryStores, memoryStores } from './memory-stores.ts'

export type MemoryApp = App & MemoryStores & { connections: MemoryConnections; facts: Fact[] }

const ample = { perSecond: 1000, burst: 1_000_000 }

/** An app over stores in memory, with time that stands still and ids that count. */
export function memoryApp(): MemoryApp {
  let ids = 0
  const facts: Fact[] = []
  return {
    ...memoryStores(),
    connections: new MemoryConnections(),
    allowance: { rates: { room: ample, author: ample } },
    newId: () => `id-${++ids}`,
    settings: { domain: 'chat.test', adminGroup: 'chat-admins', epoch: 'e1' },
    facts,
    report: (fact) => void facts.push(fact),
  }
}
