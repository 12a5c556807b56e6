import type { Clock } from '../clock.ts'
import type { QueueDefinition } from '../template/queues.ts'
import { type Queue, queue } from './queue.ts'

export interface Queues {
  byArn(arn: string): Queue | undefined
  byUrl(url: string): Queue | undefined
  byName(name: string): Queue | undefined
  all(): Queue[]
}

export function startQueues(definitions: QueueDefinition[], clock: Clock): Queues {
  const queues = new Map<string, Queue>()
  for (const definition of definitions) {
    const target = () => queues.get(definition.redrive?.arn ?? '')
    queues.set(definition.arn, queue(definition, clock, target))
  }
  const all = () => [...queues.values()]
  return {
    byArn: (arn) => queues.get(arn),
    // The address of this machine may be written in more than one way.
    byUrl: (url) => all().find(({ definition }) => url.endsWith(new URL(definition.url).pathname)),
    byName: (name) => all().find(({ definition }) => definition.name === name),
    all,
  }
}
