/** A promise with the functions that settle it. `Promise.withResolvers` is missing on Node 20. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>
  resolve(value: Value): void
  reject(reason: unknown): void
}

/** Creates a promise that is settled from outside. Its rejection is not reported as unhandled. */
export function deferred<Value>(): Deferred<Value> {
  let [resolve, reject]: [Deferred<Value>['resolve'], Deferred<Value>['reject']] = [() => undefined, () => undefined]
  const promise = new Promise<Value>((...both) => {
    ;[resolve, reject] = both
  })
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
