import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { parse } from '../json.ts'
import { type Asynchrony, unconfigured } from '../template/invocations.ts'
import type { Usage } from '../usage.ts'
import type { Deliver } from './destinations.ts'
import { contextOf, type Outcome } from './environment.ts'

interface Waiting {
  requestId: string
  payload: string
  since: number
  /** How often the function was invoked with it. */
  invoked: number
  throttled: number
}

export interface AsynchronyOptions {
  clock: Clock
  usage: Usage
  settings: Map<string, Asynchrony>
  /** What a minute of waiting is here: the cloud waits one and then two of them before it tries again. */
  minuteMs: number
  invoke: (arn: string, payload: string, requestId: string) => Promise<Outcome>
  deliver: Deliver
  nameOf: (arn: string) => string
  log: (line: string) => void
}

export interface Asynchronous {
  /** Takes an event for a function and answers the id of its request, before the function has run. */
  accept(arn: string, payload: string): string
}

/** Events that nobody waits for: tried again after an error, kept while the function is throttled, given up in the end. */
export function asynchronousEvents(options: AsynchronyOptions): Asynchronous {
  const { clock, usage, minuteMs, deliver } = options
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))

  async function carry(arn: string, event: Waiting): Promise<void> {
    const { retries, maxAgeMs, onFailure, onSuccess } = options.settings.get(arn) ?? unconfigured
    const count = (outcome: string) => usage.call(options.nameOf(arn), 'lambda:Event', outcome)
    const end = async (condition: string, destination: string | undefined, last?: Outcome) => {
      count(condition)
      if (destination) await deliver(arn, destination, recordOf(arn, event, condition, clock.now(), last))
    }
    let last: Outcome | undefined
    for (;;) {
      if (clock.now() - event.since > maxAgeMs) return end('EventAgeExceeded', onFailure, last)
      const outcome = await options.invoke(arn, event.payload, event.requestId)
      if (outcome.throttled) {
        count('throttled')
        await wait(Math.min((minuteMs / 60) * 2 ** event.throttled++, minuteMs * 5))
        continue
      }
      last = outcome
      event.invoked++
      if (!outcome.error) return end('Success', onSuccess, outcome)
      if (event.invoked > retries) return end('RetriesExhausted', onFailure, outcome)
      count('retried')
      await wait(minuteMs * event.invoked)
    }
  }

  return {
    accept(arn, payload) {
      const event = { requestId: randomUUID(), payload, since: clock.now(), invoked: 0, throttled: 0 }
      carry(arn, event).catch((error) => options.log(`${options.nameOf(arn)}: ${error}`))
      return event.requestId
    },
  }
}

function recordOf(arn: string, event: Waiting, condition: string, now: number, last: Outcome | undefined) {
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${arn}:$LATEST`,
      condition,
      approximateInvokeCount: event.invoked,
    },
    requestPayload: parse(event.payload),
    ...(last && { responseContext: contextOf(last), responsePayload: last.error ?? parse(last.payload ?? '') }),
  }
}
