import type { Clock } from './clock.ts'
import type { Platform } from './cloudwatch/platform.ts'
import type { Allows } from './iam/grants.ts'
import { type AsyncInvocations, asyncInvocations } from './lambda/async-invocations.ts'
import { checkDestination, destinations } from './lambda/destinations.ts'
import type { Functions } from './lambda/functions.ts'
import type { Queues } from './sqs/start.ts'
import { startMapping } from './streams/mapping.ts'
import { checkSource, type Streams } from './streams/start.ts'
import type { AsyncSettings } from './template/async-settings.ts'
import type { EventSource } from './template/event-sources.ts'
import type { Usage } from './usage.ts'

export interface EventsOptions {
  functions: Functions
  queues: Queues
  streams: Streams
  settings: Map<string, AsyncSettings>
  sources: EventSource[]
  grants: Map<string, Allows>
  clock: Clock
  usage: Usage
  platform: Platform
  log: (line: string) => void
  minuteMs: number
  pollMs: number
}

/** Starts asynchronous invocations and the event source mappings of streams, and checks their configuration. */
export function startEvents(options: EventsOptions): AsyncInvocations {
  const { functions, queues, streams, settings, sources, grants, clock, usage, platform, log, minuteMs } = options
  const exists = (arn: string) => Boolean(queues.byArn(arn) ?? functions.find(arn))
  for (const [arn, { onFailure, onSuccess }] of settings) {
    for (const destination of [onFailure, onSuccess]) {
      if (destination) checkDestination(destination, functions.get(arn), grants, exists)
    }
  }
  const nameOf = (arn: string) => functions.get(arn).name
  const deliver = destinations({
    queues,
    accept: (arn, payload) => void events.accept(arn, payload),
    count: (from, action) => usage.call(nameOf(from), action, 'done'),
  })
  const { invoke } = functions
  const events = asyncInvocations({ clock, usage, settings, minuteMs, invoke, deliver, nameOf, log })
  for (const source of sources) {
    const stream = streams.byArn(source.stream)
    if (!stream) throw new Error(`The source of ${source.id} is not in the template: ${source.stream}`)
    const fn = functions.get(source.function)
    checkSource(source.stream, fn, grants)
    if (source.onFailure) checkDestination(source.onFailure, fn, grants, exists)
    const { name } = fn
    const [retryMs, pollMs] = [minuteMs / 60, options.pollMs]
    startMapping({ source, stream, name, clock, usage, platform, retryMs, pollMs, invoke, deliver, log })
  }
  return events
}
