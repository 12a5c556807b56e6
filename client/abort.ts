/** The part of the platform's AbortSignal that the client uses, so that its types depend on no platform. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A listener for the abort of a signal. */
export interface AbortListener {
  readonly aborted: boolean
  /** Stops listening. */
  stop(): void
}

/** Calls `run` with the reason when the signal is aborted; at once if it is aborted already. */
export function onAbort(signal: AbortSignalLike | undefined, run: (reason: unknown) => void): AbortListener {
  if (!signal) return { aborted: false, stop: () => undefined }
  const listener = () => run(reasonOf(signal))
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener)
  return { aborted: signal.aborted, stop: () => signal.removeEventListener('abort', listener) }
}

/** Throws the reason of the signal if it is aborted. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw reasonOf(signal)
}

/** Settles like the work, or rejects with the reason of the signal if that comes first. */
export function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignalLike | undefined): Promise<Value> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const { stop } = onAbort(signal, reject)
    work.then(resolve, reject).finally(stop)
  })
}

/** The reason of the signal. Some platforms give none. */
function reasonOf({ reason }: AbortSignalLike): unknown {
  if (reason !== undefined) return reason
  return Object.assign(new Error('This operation was aborted.'), { name: 'AbortError' })
}
