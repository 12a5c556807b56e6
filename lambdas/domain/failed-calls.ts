/** A call to a store or another function that failed. */
export interface FailedCall {
  /** For example `PutItem`. */
  action: string
  /** The table, the function or the queue. */
  target?: string
  /** The status of the response, if there was one. */
  status?: number
}

const calls = new WeakMap<object, FailedCall>()

/** Remembers by which call an error came, without a change of the error. Returns the error. */
export function ofCall(error: unknown, call: FailedCall): unknown {
  if (typeof error === 'object' && error !== null && !calls.has(error)) calls.set(error, call)
  return error
}

/** The call by which this error came, if it came by one. */
export const callOf = (error: unknown): FailedCall | undefined =>
  typeof error === 'object' && error !== null ? calls.get(error) : undefined
