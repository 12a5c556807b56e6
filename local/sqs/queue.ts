import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { QueueDefinition } from '../template/queues.ts'

export interface QueueMessage {
  id: string
  body: string
  md5: string
  sentAt: number
  visibleAt: number
  receives: number
  firstReceivedAt?: number
  /** The receipt handle of the last receive. */
  receipt?: string
}

export interface Queue {
  definition: QueueDefinition
  send(body: string, delayMs?: number): QueueMessage
  /** Receives up to `count` messages; waits up to `waitMs` if the queue has none. */
  receive(options: { count?: number; waitMs?: number; visibilityMs?: number }): Promise<QueueMessage[]>
  /** Returns false if no message has this receipt handle. */
  delete(receipt: string): boolean
  /** Hides a message for `ms`; returns false if no message has this receipt handle. */
  hide(receipt: string, ms: number): boolean
  purge(): void
  counts(): { visible: number; hidden: number; delayed: number }
}

/** A standard queue in memory. `deadLetterQueue` gets the messages that were received too often. */
export function queue(definition: QueueDefinition, clock: Clock, deadLetterQueue: () => Queue | undefined): Queue {
  const { retentionMs, visibilityMs, delayMs, waitMs, redrive } = definition
  let messages: QueueMessage[] = []
  const receivers = new Set<() => void>()
  const wake = () => {
    for (const retry of [...receivers]) retry()
  }

  const unexpired = () => {
    messages = messages.filter(({ sentAt }) => sentAt + retentionMs > clock.now())
    return messages
  }

  function take(count: number, hiddenMs: number): QueueMessage[] {
    const now = clock.now()
    const taken: QueueMessage[] = []
    for (const message of unexpired().filter(({ visibleAt }) => visibleAt <= now)) {
      if (taken.length === count) break
      if (redrive && message.receives >= redrive.receives) {
        messages.splice(messages.indexOf(message), 1)
        deadLetterQueue()?.send(message.body)
        continue
      }
      message.receives++
      message.firstReceivedAt ??= now
      hideUntil(message, now + hiddenMs)
      message.receipt = randomUUID()
      taken.push({ ...message })
    }
    return taken
  }

  function hideUntil(message: QueueMessage, at: number): void {
    message.visibleAt = at
    if (at > clock.now()) clock.after(at - clock.now(), wake)
  }

  const byReceipt = (receipt: string) => unexpired().find((message) => message.receipt === receipt)

  return {
    definition,
    send(body, delay = delayMs) {
      const now = clock.now()
      const md5 = createHash('md5').update(body).digest('hex')
      const message = { id: randomUUID(), body, md5, sentAt: now, visibleAt: now, receives: 0 }
      messages.push(message)
      if (delay > 0) hideUntil(message, now + delay)
      wake()
      return message
    },
    receive({ count = 1, waitMs: wait = waitMs, visibilityMs: hiddenMs = visibilityMs }) {
      const found = take(count, hiddenMs)
      if (found.length > 0 || wait === 0) return Promise.resolve(found)
      return new Promise((resolve) => {
        const end = (taken: QueueMessage[]) => {
          receivers.delete(retry)
          cancel()
          resolve(taken)
        }
        const retry = () => {
          const taken = take(count, hiddenMs)
          if (taken.length > 0) end(taken)
        }
        const cancel = clock.after(wait, () => end([]))
        receivers.add(retry)
      })
    },
    delete(receipt) {
      const message = byReceipt(receipt)
      if (message) messages.splice(messages.indexOf(message), 1)
      return message !== undefined
    },
    hide(receipt, ms) {
      const message = byReceipt(receipt)
      if (message) hideUntil(message, clock.now() + ms)
      if (ms === 0) wake()
      return message !== undefined
    },
    purge() {
      messages = []
    },
    counts() {
      const now = clock.now()
      const invisible = unexpired().filter(({ visibleAt }) => visibleAt > now)
      const hidden = invisible.filter(({ receives }) => receives > 0).length
      return { visible: messages.length - invisible.length, hidden, delayed: invisible.length - hidden }
    },
  }
}
