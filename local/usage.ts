export interface DatabaseUsage {
  function: string
  operation: string
  table: string
  calls: number
  /** Calls that got an error, failed conditions included. */
  errors: number
  readUnits: number
  writeUnits: number
}

export interface PostUsage {
  function: string
  method: string
  /** `delivered`, or the status code, for example `410`. */
  outcome: string
  calls: number
}

/** Calls of queues, functions and streams, and what the run does on behalf of a function. */
export interface CallUsage {
  function: string
  /** For example `sqs:SendMessage`. */
  action: string
  /** `done`, or the name of the error. */
  outcome: string
  calls: number
}

export interface InvocationUsage {
  function: string
  calls: number
  coldStarts: number
  errors: number
  /** Invocations that were refused because no environment was free. They count neither as calls nor as errors. */
  throttles: number
  /** Total duration of its invocations. */
  milliseconds: number
}

/** Counts what AWS would bill, by function. */
export interface Usage {
  database(caller: string, operation: string, table: string): DatabaseUsage
  post(caller: string, method: string, outcome: string): void
  call(caller: string, action: string, outcome: string): void
  invocation(name: string): InvocationUsage
  read(): { dynamodb: DatabaseUsage[]; posts: PostUsage[]; calls: CallUsage[]; invocations: InvocationUsage[] }
  reset(): void
}

export function usageRecord(): Usage {
  const dynamodb = new Map<string, DatabaseUsage>()
  const posts = new Map<string, PostUsage>()
  const calls = new Map<string, CallUsage>()
  const invocations = new Map<string, InvocationUsage>()
  const entry = <T>(record: Map<string, T>, key: string, empty: () => T): T => {
    const known = record.get(key)
    if (known) return known
    const fresh = empty()
    record.set(key, fresh)
    return fresh
  }
  return {
    database: (caller, operation, table) =>
      entry(dynamodb, `${caller} ${operation} ${table}`, () => ({
        function: caller,
        operation,
        table,
        calls: 0,
        errors: 0,
        readUnits: 0,
        writeUnits: 0,
      })),
    post(caller, method, outcome) {
      entry(posts, `${caller} ${method} ${outcome}`, () => ({ function: caller, method, outcome, calls: 0 })).calls++
    },
    call(caller, action, outcome) {
      entry(calls, `${caller} ${action} ${outcome}`, () => ({ function: caller, action, outcome, calls: 0 })).calls++
    },
    invocation: (name) =>
      entry(invocations, name, () => ({
        function: name,
        calls: 0,
        coldStarts: 0,
        errors: 0,
        throttles: 0,
        milliseconds: 0,
      })),
    read: () => ({
      dynamodb: [...dynamodb.values()],
      posts: [...posts.values()],
      calls: [...calls.values()],
      invocations: [...invocations.values()],
    }),
    reset() {
      for (const record of [dynamodb, posts, calls, invocations]) record.clear()
    },
  }
}
