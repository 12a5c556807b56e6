import type { Clock } from '../clock.ts'
import type { Platform } from '../cloudwatch/platform.ts'
import type { Deliver } from '../lambda/destinations.ts'
import type { InvocationResult } from '../lambda/environment.ts'
import type { EventSource } from '../template/event-sources.ts'
import type { Usage } from '../usage.ts'
import { countSucceeded } from './batch.ts'
import { discardRecord } from './discard.ts'
import { matches } from './filter.ts'
import { shardReader } from './shard-reader.ts'
import type { StoredRecord, Stream } from './stream.ts'

export interface MappingOptions {
  source: EventSource
  stream: Stream
  /** The function's name in the usage. */
  name: string
  clock: Clock
  usage: Usage
  platform: Platform
  /** The wait after the first failure. It doubles with each failure, up to sixty times this value. */
  retryMs: number
  /** Delay of each record, as polling would cause it. */
  pollMs: number
  invoke: (arn: string, payload: string) => Promise<InvocationResult>
  deliver: Deliver
  log: (line: string) => void
}

interface Attempts {
  /** Failures of the batch before it was split, and of this part since. */
  failed: number
  invoked: number
}

/** Invokes a function with the records of a stream. Shard readers work in parallel, each for some partition keys. */
export function startMapping(options: MappingOptions): void {
  const { source, stream, clock, usage } = options
  const count = (outcome: string) => usage.call(options.name, 'stream:Batch', outcome)
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))

  async function processBatch(batch: StoredRecord[], attempts: Attempts = { failed: 0, invoked: 0 }): Promise<void> {
    let rest = batch
    let failures = 0
    while (rest.length > 0) {
      rest = await discardExpired(rest, attempts)
      if (rest.length === 0) return
      options.platform.iteratorAge(options.name, clock.now() - (rest[0]?.at ?? clock.now()))
      const outcome = await options.invoke(source.function, eventOf(rest))
      if (outcome.throttled) {
        await pause(failures++)
        continue
      }
      attempts.invoked++
      const succeeded = countSucceeded(rest, outcome, source.reportsFailures)
      if (succeeded === rest.length) return count('done')
      count(succeeded > 0 ? 'partly' : 'failed')
      const size = rest.length
      rest = rest.slice(succeeded)
      // Splitting a batch does not count as a retry of its records.
      const split = source.bisects && size > 1
      const isLastAttempt = !split && attempts.failed++ >= source.retries
      if (isLastAttempt) return discard(rest, 'RetryAttemptsExhausted', attempts, outcome)
      await pause(failures++)
      if (split && succeeded === 0) {
        const middle = Math.ceil(rest.length / 2)
        await processBatch(rest.slice(0, middle), { ...attempts })
        return processBatch(rest.slice(middle), { ...attempts })
      }
    }
  }

  const pause = (failures: number) => wait(Math.min(options.retryMs * 2 ** failures, options.retryMs * 60))

  /** Discards the records that are too old and returns the others. */
  async function discardExpired(batch: StoredRecord[], attempts: Attempts): Promise<StoredRecord[]> {
    const oldest = clock.now() - source.maxAgeMs
    const first = batch.findIndex(({ at }) => at >= oldest)
    const expired = first < 0 ? batch.length : first
    if (expired > 0) await discard(batch.slice(0, expired), 'RecordAgeExceeded', attempts)
    return batch.slice(expired)
  }

  async function discard(
    batch: StoredRecord[],
    condition: string,
    { invoked }: Attempts,
    last?: InvocationResult,
  ): Promise<void> {
    count(condition)
    if (!source.onFailure) return
    const record = discardRecord({ source, stream, batch, condition, invoked, now: clock.now(), last })
    await options.deliver(source.function, source.onFailure, record)
  }

  const work = (batch: StoredRecord[]) => processBatch(batch).catch((error) => options.log(`${options.name}: ${error}`))
  const readers = Array.from({ length: source.parallelBatches }, () => shardReader(source, clock, work))
  stream.listen((stored) => {
    if (source.patterns.length > 0 && !source.patterns.some((pattern) => matches(pattern, stored.record))) return
    const add = () => readers[readerIndex(stored.partition, readers.length)]?.add(stored)
    if (options.pollMs > 0) clock.after(options.pollMs, add)
    else add()
  })

  const eventOf = (batch: StoredRecord[]) =>
    JSON.stringify({ Records: batch.map(({ record }) => ({ ...record, eventSourceARN: stream.arn })) })
}

function readerIndex(partition: string, readers: number): number {
  let hash = 0
  for (let at = 0; at < partition.length; at++) hash = (Math.imul(hash, 31) + partition.charCodeAt(at)) >>> 0
  return hash % readers
}
