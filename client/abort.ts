/** The part of the platform's AbortSignal that the client uses, so that programs need the types of no platform. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A listener for the abort of a signal. */
export interface Aborts {
  readonly aborted: boolean
  /** Stops listening. */
  stop(): void
}

/** Runs the work with the reason of the abort when the signal is aborted; at once where it is aborted already. */
export function onAbort(signal: AbortSignalLike | undefined, run: (reason: unknown) => void): Aborts {
  if (!signal) return { aborted: false, stop: () => undefined }
  const listener = () => run(reasonOf(signal))
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener)
  return { aborted: signal.aborted, stop: () => signal.removeEventListener('abort', listener) }
}

/** Throws the reason of a signal that is aborted. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw reasonOf(signal)
}

/** The result of the work, or the reason of the signal where that comes first. */
export function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignalLike | undefined): Promise<Value> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const { stop } = onAbort(signal, reject)
    work.then(resolve, reject).finally(stop)
  })
}

/** Some platforms abort without a reason. */
function reasonOf({ reason }: AbortSignalLike): unknown {
  if (reason !== undefined) return reason
  return Object.assign(new Error('This operation was aborted.'), { name: 'AbortError' })
}
