import { ChatError, type ErrorDetails } from '../../client/errors.ts'
import type { Replies, Verb } from '../../client/requests.ts'
import type { Connection } from '../../client/socket.ts'
import { settled } from './manual-clock.ts'

interface Request {
  readonly verb: Verb
  readonly fields: object
  resolve(reply: never): void
  reject(error: Error): void
}

/** A connection on which every request waits until a test answers it. */
export class HeldConnection implements Connection {
  isOpen = true
  readonly #requests: Request[] = []
  #answered = 0

  ask<Name extends Verb>(verb: Name, fields: object): Promise<Replies[Name]> {
    return new Promise((resolve, reject) => this.#requests.push({ verb, fields, resolve, reject }))
  }

  close(): void {
    this.isOpen = false
  }

  /** All requests, in order. */
  get asked(): (readonly [Verb, object])[] {
    return this.#requests.map(({ verb, fields }) => [verb, fields] as const)
  }

  /** Answers the oldest request without an answer, with a reply or an error, and waits for what follows from it. */
  async answer(outcome: object): Promise<void> {
    const request = this.#requests[this.#answered++]
    if (!request) throw new Error('There is no request to answer.')
    if (outcome instanceof Error) request.reject(outcome)
    else request.resolve(outcome as never)
    await settled()
  }
}

/** A page of the history. */
export const page = (head: number, ...messages: readonly object[]) => ({
  messages,
  head,
  floor: 1,
  exceeded: false,
  epoch: 'first',
})

/** The refusal of a request, final unless told otherwise. */
export const refusal = (
  code: string,
  more: { retryable?: boolean; retryAfterMs?: number; details?: ErrorDetails } = {},
) => new ChatError({ code, message: `It is ${code}.`, retryable: false, ...more })
