import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { parse } from '../json.ts'
import { type AsyncSettings, defaultSettings } from '../template/async-settings.ts'
import type { Usage } from '../usage.ts'
import type { Deliver } from './destinations.ts'
import { contextOf, type InvocationResult } from './environment.ts'

interface QueuedEvent {
  requestId: string
  payload: string
  acceptedAt: number
  /** How often the function was invoked with this event. */
  invoked: number
  throttled: number
}

export interface AsyncInvocationOptions {
  clock: Clock
  usage: Usage
  settings: Map<string, AsyncSettings>
  /** Length of a minute in the waits: Lambda retries after one minute and then after two. */
  minuteMs: number
  invoke: (arn: string, payload: string, requestId: string) => Promise<InvocationResult>
  deliver: Deliver
  nameOf: (arn: string) => string
  log: (line: string) => void
}

export interface AsyncInvocations {
  /** Accepts an event for a function and returns its request id before the function runs. */
  accept(arn: string, payload: string): string
}

/** Asynchronous invocations: retried after an error or a throttle, and discarded by retry count or age. */
export function asyncInvocations(options: AsyncInvocationOptions): AsyncInvocations {
  const { clock, usage, minuteMs, deliver } = options
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))

  async function run(arn: string, event: QueuedEvent): Promise<void> {
    const { retries, maxAgeMs, onFailure, onSuccess } = options.settings.get(arn) ?? defaultSettings
    const count = (outcome: string) => usage.call(options.nameOf(arn), 'lambda:Event', outcome)
    const end = async (condition: string, destination: string | undefined, last?: InvocationResult) => {
      count(condition)
      if (destination) await deliver(arn, destination, recordOf(arn, event, condition, clock.now(), last))
    }
    let last: InvocationResult | undefined
    for (;;) {
      if (clock.now() - event.acceptedAt > maxAgeMs) return end('EventAgeExceeded', onFailure, last)
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
      const event = { requestId: randomUUID(), payload, acceptedAt: clock.now(), invoked: 0, throttled: 0 }
      run(arn, event).catch((error) => options.log(`${options.nameOf(arn)}: ${error}`))
      return event.requestId
    },
  }
}

function recordOf(arn: string, event: QueuedEvent, condition: string, now: number, last: InvocationResult | undefined) {
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
