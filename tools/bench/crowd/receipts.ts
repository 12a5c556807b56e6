import { median } from '../percentiles.ts'

interface Receipts {
  /** The time of the first receipt, by member. */
  at: Map<number, number>
  /** Members with a further receipt. */
  repeated: number[]
}

/** The receipts of each message: by which member, when and how often. */
export class ReceiptLog {
  readonly #receipts = new Map<number, Receipts>()
  #onReceipt = () => {}

  add(seq: number, member: number): void {
    const receipts = this.#of(seq)
    if (receipts.at.has(member)) receipts.repeated.push(member)
    else receipts.at.set(member, performance.now())
    this.#onReceipt()
  }

  #of(seq: number): Receipts {
    const known = this.#receipts.get(seq)
    if (known) return known
    const receipts: Receipts = { at: new Map(), repeated: [] }
    this.#receipts.set(seq, receipts)
    return receipts
  }

  /** Waits until all these members have received the message, or for the timeout. */
  async waitFor(seq: number, members: readonly number[], timeoutMs: number): Promise<void> {
    const { at } = this.#of(seq)
    // Each check looks only at the members that were missing at the previous one.
    let missing = members
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      this.#onReceipt = () => {
        if (at.size < members.length) return
        missing = missing.filter((member) => !at.has(member))
        if (missing.length > 0) return
        clearTimeout(timer)
        resolve()
      }
      this.#onReceipt()
    })
    this.#onReceipt = () => {}
  }

  counts(seq: number, members: readonly number[]) {
    const { at, repeated } = this.#of(seq)
    const twice = new Set(repeated)
    const expected = new Set(members)
    const receivers = members.filter((member) => at.has(member))
    return {
      seq,
      once: receivers.filter((member) => !twice.has(member)).length,
      twice: receivers.filter((member) => twice.has(member)).length,
      never: members.length - receivers.length,
      elsewhere: [...at.keys()].filter((member) => !expected.has(member)).length,
    }
  }

  /** Milliseconds from a moment to the first, the median and the last receipt of these members. */
  times(seq: number, members: readonly number[], since: number) {
    const { at } = this.#of(seq)
    const times = members.flatMap((member) => at.get(member) ?? []).sort((a, b) => a - b)
    return {
      firstMs: (times[0] ?? Number.NaN) - since,
      medianMs: median(times) - since,
      lastMs: (times.at(-1) ?? Number.NaN) - since,
    }
  }
}
