interface Event {
  at: number
  order: number
  act: () => void
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order)

/** Time that jumps from one event to the next. Events at the same time happen in the order in which they were planned. */
export class VirtualTime {
  now = 0
  #order = 0
  readonly #heap: Event[] = []

  get isOver(): boolean {
    return this.#heap.length === 0
  }

  after(ms: number, act: () => void): void {
    const event = { at: this.now + ms, order: this.#order++, act }
    const heap = this.#heap
    let place = heap.length
    heap.push(event)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (!parent || isBefore(parent, event)) break
      heap[place] = parent
      place = above
    }
    heap[place] = event
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Lets the next event happen. What it wakes runs in microtasks, which the caller lets finish before the next step. */
  step(): void {
    const event = this.#next()
    if (!event) return
    this.now = event.at
    event.act()
  }

  #next(): Event | undefined {
    const heap = this.#heap
    const [first] = heap
    const moved = heap.pop()
    if (!first || !moved || heap.length === 0) return first
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      const left = heap[below]
      const right = heap[below + 1]
      if (!left) break
      let child = left
      if (right && isBefore(right, left)) {
        child = right
        below++
      }
      if (isBefore(moved, child)) break
      heap[place] = child
      place = below
    }
    heap[place] = moved
    return first
  }
}
