import type { Connections, PostOutcome } from '../../../lambdas/push/connections.ts'

type Fault = 'gone' | 'failed' | 'hanging'

/** Connections in memory that record the frames posted to them. */
export class MemoryConnections implements Connections {
  /** Delivered frames in order, by connection. */
  readonly #delivered = new Map<string, string[]>()
  readonly #faults = new Map<string, Fault>()
  readonly #hanging: (() => void)[] = []
  readonly closed: string[] = []
  /** The connection of every post in order, with any outcome. */
  readonly posted: string[] = []
  #pending = 0
  maxPending = 0

  /** Sets the fault of every later post to the connection. A hanging post fails when it is released. */
  setFault(connectionId: string, fault: Fault | undefined): void {
    if (fault) this.#faults.set(connectionId, fault)
    else this.#faults.delete(connectionId)
  }

  release(): void {
    for (const fail of this.#hanging.splice(0)) fail()
  }

  frames(connectionId: string): string[] {
    return [...(this.#delivered.get(connectionId) ?? [])]
  }

  /** The delivered frames, parsed. */
  pushes(connectionId: string): Record<string, unknown>[] {
    return this.frames(connectionId).map((frame) => {
      const parsed: unknown = JSON.parse(frame)
      return { ...Object(parsed) }
    })
  }

  async post(connectionId: string, frame: string): Promise<PostOutcome> {
    this.posted.push(connectionId)
    this.#pending++
    this.maxPending = Math.max(this.maxPending, this.#pending)
    try {
      return await this.#deliver(connectionId, frame)
    } finally {
      this.#pending--
    }
  }

  async close(connectionId: string): Promise<PostOutcome> {
    this.closed.push(connectionId)
    return this.#faults.get(connectionId) === 'gone' ? 'gone' : 'delivered'
  }

  async #deliver(connectionId: string, frame: string): Promise<PostOutcome> {
    const fault = this.#faults.get(connectionId)
    if (fault === 'hanging') await new Promise<void>((resolve) => this.#hanging.push(resolve))
    // A delivery takes a moment, so that other posts can start.
    else await Promise.resolve()
    if (fault) return fault === 'gone' ? 'gone' : 'failed'
    this.#delivered.set(connectionId, [...this.frames(connectionId), frame])
    return 'delivered'
  }
}
