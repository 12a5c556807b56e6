import type { Message } from './message.ts'

/** The answer to a send, with the two ways to end it. */
export interface Promised {
  promise: Promise<Message>
  resolve(message: Message): void
  reject(reason: unknown): void
}

export function promise(): Promised {
  let [resolve, reject]: [Promised['resolve'], Promised['reject']] = [() => undefined, () => undefined]
  const sending = new Promise<Message>((...both) => {
    ;[resolve, reject] = both
  })
  // An event tells it too, so a promise that nobody waits for is no uncaught error.
  sending.catch(() => undefined)
  return { promise: sending, resolve, reject }
}
