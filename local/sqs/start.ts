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
    const deadLetterQueue = () => queues.get(definition.redrive?.arn ?? '')
    queues.set(definition.arn, queue(definition, clock, deadLetterQueue))
  }
  const all = () => [...queues.values()]
  return {
    byArn: (arn) => queues.get(arn),
    // A URL may name this machine as localhost or as 127.0.0.1.
    byUrl: (url) => all().find(({ definition }) => url.endsWith(new URL(definition.url).pathname)),
    byName: (name) => all().find(({ definition }) => definition.name === name),
    all,
  }
}
