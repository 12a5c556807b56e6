import type { Clock } from '../clock.ts'
import type { Deliver } from '../lambda/destinations.ts'
import type { Outcome } from '../lambda/environment.ts'
import type { EventSource } from '../template/event-sources.ts'
import type { Usage } from '../usage.ts'
import { doneOf } from './batch.ts'
import { discardOf } from './discard.ts'
import { matches } from './filter.ts'
import { lane } from './shard-reader.ts'
import type { Kept, Stream } from './stream.ts'

export interface MappingOptions {
  source: EventSource
  stream: Stream
  /** The function's name, as usage has it. */
  name: string
  clock: Clock
  usage: Usage
  /** The first wait after a failure; each further one is twice as long, up to a minute of the cloud. */
  retryMs: number
  /** A delay that polling would add; none here unless it is asked for. */
  pollMs: number
  invoke: (arn: string, payload: string) => Promise<Outcome>
  deliver: Deliver
  log: (line: string) => void
}

interface Attempts {
  /** Of the batch as it was read; its parts keep the number. */
  failed: number
  invoked: number
}

/** Gives a function the records of a stream, in parallel lanes by partition key. */
export function startMapping(options: MappingOptions): void {
  const { source, stream, clock, usage } = options
  const count = (outcome: string) => usage.call(options.name, 'stream:Batch', outcome)
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))

  async function work(batch: Kept[], attempts: Attempts = { failed: 0, invoked: 0 }): Promise<void> {
    let rest = batch
    let failures = 0
    while (rest.length > 0) {
      rest = await young(rest, attempts)
      if (rest.length === 0) return
      const outcome = await options.invoke(source.function, eventOf(rest))
      if (outcome.throttled) {
        await pause(failures++)
        continue
      }
      attempts.invoked++
      const done = doneOf(rest, outcome, source.reportsFailures)
      if (done === rest.length) return count('done')
      count(done > 0 ? 'partly' : 'failed')
      const whole = rest.length
      rest = rest.slice(done)
      // To split a batch does not use up the tries of its records.
      const split = source.bisects && whole > 1
      const last = !split && attempts.failed++ >= source.retries
      if (last) return discard(rest, 'RetryAttemptsExhausted', attempts, outcome)
      await pause(failures++)
      if (split && done === 0) {
        const middle = Math.ceil(rest.length / 2)
        await work(rest.slice(0, middle), { ...attempts })
        return work(rest.slice(middle), { ...attempts })
      }
    }
  }

  const pause = (failures: number) => wait(Math.min(options.retryMs * 2 ** failures, options.retryMs * 60))

  /** The records that are not too old; those before them are given up. */
  async function young(batch: Kept[], attempts: Attempts): Promise<Kept[]> {
    const oldest = clock.now() - source.maxAgeMs
    const first = batch.findIndex(({ at }) => at >= oldest)
    const expired = first < 0 ? batch.length : first
    if (expired > 0) await discard(batch.slice(0, expired), 'RecordAgeExceeded', attempts)
    return batch.slice(expired)
  }

  async function discard(batch: Kept[], condition: string, { invoked }: Attempts, last?: Outcome): Promise<void> {
    count(condition)
    if (!source.onFailure) return
    const record = discardOf({ source, stream, batch, condition, invoked, now: clock.now(), last })
    await options.deliver(source.function, source.onFailure, record)
  }

  const carry = (batch: Kept[]) => work(batch).catch((error) => options.log(`${options.name}: ${error}`))
  const lanes = Array.from({ length: source.lanes }, () => lane(source, clock, carry))
  stream.listen((kept) => {
    if (source.patterns.length > 0 && !source.patterns.some((pattern) => matches(pattern, kept.record))) return
    const add = () => lanes[laneOf(kept.partition, lanes.length)]?.add(kept)
    if (options.pollMs > 0) clock.after(options.pollMs, add)
    else add()
  })

  const eventOf = (batch: Kept[]) =>
    JSON.stringify({ Records: batch.map(({ record }) => ({ ...record, eventSourceARN: stream.arn })) })
}

function laneOf(partition: string, lanes: number): number {
  let hash = 0
  for (let at = 0; at < partition.length; at++) hash = (Math.imul(hash, 31) + partition.charCodeAt(at)) >>> 0
  return hash % lanes
}
