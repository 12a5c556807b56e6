import { unitsOf } from './spending.ts'

/**
 * Counts the units that the accesses of one execution environment cost. An environment handles one event at a time, so
 * the difference between two readings is the cost of the event between them.
 */
export class Meter {
  #units = 0

  get units(): number {
    return this.#units
  }

  /** Adds accesses of one kind; reads and writes in the units of DynamoDB, which may be fractions. */
  add(kind: keyof typeof unitsOf, count: number): void {
    this.#units += unitsOf[kind] * count
  }
}
