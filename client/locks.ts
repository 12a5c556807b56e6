/** Names of which each has one holder at a time, among all clients that share a storage. */
export interface Locks {
  /** Takes the name if it is free; the returned function frees it again. */
  take(name: string): Promise<(() => void) | undefined>
  /** Runs the work as soon as the name is free. */
  exclusively<Value>(name: string, work: () => Promise<Value>): Promise<Value>
}

/** The part of the Web Locks API that is used: it knows all tabs and workers of an origin. */
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

const ofThisProgram = localLocks()

/** Web Locks where the platform has them, which browsers have on secure pages. */
export function platformLocks(): Locks {
  const { navigator } = globalThis as { navigator?: { locks?: WebLocks } }
  return navigator?.locks ? webLocks(navigator.locks) : ofThisProgram
}
