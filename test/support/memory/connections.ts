import type { Connections, PostOutcome } from '../../../lambdas/push/connections.ts'

type Mark = 'gone' | 'failed' | 'hanging'

/** Connections that keep what is posted to them. */
export class MemoryConnections implements Connections {
  /** Frames that arrived, in order, by connection. */
  readonly #arrived = new Map<string, string[]>()
  readonly #marks = new Map<string, Mark>()
  readonly #hanging: (() => void)[] = []
  readonly closed: string[] = []
  /** Every connection that was posted to, in order, whatever came of it. */
  readonly tried: string[] = []
  #underWay = 0
  mostUnderWay = 0

  /** What becomes of every later post to the connection. A hanging one fails when it is let go. */
  mark(connectionId: string, mark: Mark | undefined): void {
    if (mark) this.#marks.set(connectionId, mark)
    else this.#marks.delete(connectionId)
  }

  letGo(): void {
    for (const fail of this.#hanging.splice(0)) fail()
  }

  frames(connectionId: string): string[] {
    return [...(this.#arrived.get(connectionId) ?? [])]
  }

  /** What arrived, parsed. */
  pushes(connectionId: string): Record<string, unknown>[] {
    return this.frames(connectionId).map((frame) => {
      const parsed: unknown = JSON.parse(frame)
      return { ...Object(parsed) }
    })
  }

  async post(connectionId: string, frame: string): Promise<PostOutcome> {
    this.tried.push(connectionId)
    this.#underWay++
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#underWay)
    try {
      return await this.#deliver(connectionId, frame)
    } finally {
      this.#underWay--
    }
  }

  async close(connectionId: string): Promise<PostOutcome> {
    this.closed.push(connectionId)
    return this.#marks.get(connectionId) === 'gone' ? 'gone' : 'delivered'
  }

  async #deliver(connectionId: string, frame: string): Promise<PostOutcome> {
    const mark = this.#marks.get(connectionId)
    if (mark === 'hanging') await new Promise<void>((resolve) => this.#hanging.push(resolve))
    // A delivery takes a moment, in which others can start.
    else await Promise.resolve()
    if (mark) return mark === 'gone' ? 'gone' : 'failed'
    this.#arrived.set(connectionId, [...this.frames(connectionId), frame])
    return 'delivered'
  }
}
