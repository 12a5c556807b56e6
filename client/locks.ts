/** Named locks, shared by all clients that share a storage. Each has one holder at a time. */
export interface Locks {
  /** Takes the lock if it is free, and returns a function that releases it. */
  take(name: string): Promise<(() => void) | undefined>
  /** Runs the work as soon as the lock is free. */
  exclusively<Value>(name: string, work: () => Promise<Value>): Promise<Value>
}

/** The part of the Web Locks API that is used. Its locks are shared by all tabs and workers of an origin. */
interface WebLocks {
  request<Value>(name: string, options: object, run: (lock: unknown) => Promise<Value>): Promise<Value>
}

const webLocks = (locks: WebLocks): Locks => ({
  take: (name) =>
    new Promise((resolve, reject) => {
      const hold = (lock: unknown) =>
        lock ? new Promise<void>((release) => resolve(release)) : Promise.resolve(resolve(undefined))
      locks.request(name, { ifAvailable: true }, hold).catch(reject)
    }),
  exclusively: (name, work) => locks.request(name, {}, work),
})

/** Locks within one program, for platforms without Web Locks. */
export function localLocks(): Locks {
  const held = new Set<string>()
  const tails = new Map<string, Promise<unknown>>()
  return {
    async take(name) {
      if (held.has(name)) return undefined
      held.add(name)
      return () => void held.delete(name)
    },
    exclusively(name, work) {
      const result = (tails.get(name) ?? Promise.resolve()).then(work, work)
      tails.set(
        name,
        result.catch(() => undefined),
      )
      return result
    },
  }
}

const programLocks = localLocks()

/** Web Locks if the platform has them; browsers have them on secure pages. */
export function platformLocks(): Locks {
  const { navigator } = globalThis as { navigator?: { locks?: WebLocks } }
  return navigator?.locks ? webLocks(navigator.locks) : programLocks
}
