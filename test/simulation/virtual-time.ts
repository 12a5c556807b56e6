interface Event {
  at: number
  order: number
  act: () => void
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order)

/** Time that jumps from one event to the next. Events of the same time happen in the order of their scheduling. */
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
    let index = heap.length
    heap.push(event)
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = heap[parentIndex]
      if (!parent || isBefore(parent, event)) break
      heap[index] = parent
      index = parentIndex
    }
    heap[index] = event
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Runs the next event. The caller must let the resulting microtasks finish before the next step. */
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
    let index = 0
    for (;;) {
      let childIndex = 2 * index + 1
      const left = heap[childIndex]
      const right = heap[childIndex + 1]
      if (!left) break
      let child = left
      if (right && isBefore(right, left)) {
        child = right
        childIndex++
      }
      if (isBefore(moved, child)) break
      heap[index] = child
      index = childIndex
    }
    heap[index] = moved
    return first
  }
}
