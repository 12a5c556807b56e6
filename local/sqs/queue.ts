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
  /** Of the last time it was received. */
  receipt?: string
}

export interface Queue {
  definition: QueueDefinition
  send(body: string, delayMs?: number): QueueMessage
  /** Up to `most` messages, at once or as soon as there is one. */
  receive(options: { most?: number; waitMs?: number; visibilityMs?: number }): Promise<QueueMessage[]>
  /** False for a receipt that no message has: it may be gone already. */
  delete(receipt: string): boolean
  hide(receipt: string, ms: number): boolean
  purge(): void
  counts(): { visible: number; hidden: number; delayed: number }
}

/** A standard queue in memory. */
export function queue(definition: QueueDefinition, clock: Clock, target: () => Queue | undefined): Queue {
  const { retentionMs, visibilityMs, delayMs, waitMs, redrive } = definition
  let messages: QueueMessage[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const look of [...waiting]) look()
  }

  const held = () => {
    messages = messages.filter(({ sentAt }) => sentAt + retentionMs > clock.now())
    return messages
  }

  function take(most: number, hiddenMs: number): QueueMessage[] {
    const now = clock.now()
    const taken: QueueMessage[] = []
    for (const message of held().filter(({ visibleAt }) => visibleAt <= now)) {
      if (taken.length === most) break
      if (redrive && message.receives >= redrive.receives) {
        messages.splice(messages.indexOf(message), 1)
        target()?.send(message.body)
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

  const byReceipt = (receipt: string) => held().find((message) => message.receipt === receipt)

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
    receive({ most = 1, waitMs: wait = waitMs, visibilityMs: hiddenMs = visibilityMs }) {
      const found = take(most, hiddenMs)
      if (found.length > 0 || wait === 0) return Promise.resolve(found)
      return new Promise((resolve) => {
        const end = (taken: QueueMessage[]) => {
          waiting.delete(look)
          cancel()
          resolve(taken)
        }
        const look = () => {
          const taken = take(most, hiddenMs)
          if (taken.length > 0) end(taken)
        }
        const cancel = clock.after(wait, () => end([]))
        waiting.add(look)
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
      const unseen = held().filter(({ visibleAt }) => visibleAt > now)
      const hidden = unseen.filter(({ receives }) => receives > 0).length
      return { visible: messages.length - unseen.length, hidden, delayed: unseen.length - hidden }
    },
  }
}
