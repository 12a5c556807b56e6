/** Values by key. The values that were set longest ago are forgotten, so that memory has a bound. */
export class LatestKeys<Value> {
  readonly #most: number
  readonly #values = new Map<string, Value>()

  constructor(most = 10_000) {
    this.#most = most
  }

  get(key: string): Value | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: Value): Value {
    this.#values.delete(key)
    this.#values.set(key, value)
    const [oldest] = this.#values.keys()
    if (this.#values.size > this.#most && oldest !== undefined) this.#values.delete(oldest)
    return value
  }
}
