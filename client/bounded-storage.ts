import type { Clock } from './clock.ts'
import { noStorage, type Storage } from './storage.ts'

/** How long an access to a storage may take, in milliseconds. */
const maxAccessMs = 5000

/**
 * A storage whose accesses end in time. An access that takes too long fails. Until it has ended, all others fail at
 * once, so that a storage that does not answer delays messages once, and not each of them.
 */
export function boundedStorage(storage: Storage, clock: Clock): Storage {
  if (storage === noStorage) return storage
  const hanging = new Set<unknown>()
  const noAnswer = () => new Error('The storage does not answer.')
  const bounded = <Value>(access: () => Value | Promise<Value>): Value | Promise<Value> => {
    if (hanging.size > 0) throw noAnswer()
    const result = access()
    if (!(result instanceof Object && 'then' in result)) return result
    return new Promise<Value>((resolve, reject) => {
      const stopTimer = clock.after(maxAccessMs, () => {
        hanging.add(result)
        reject(noAnswer())
      })
      const end = () => {
        stopTimer()
        hanging.delete(result)
      }
      result.then(end, end)
      result.then(resolve, reject)
    })
  }
  return {
    get: (key) => bounded(() => storage.get(key)),
    set: (key, value) => bounded(() => storage.set(key, value)),
    remove: (key) => bounded(() => storage.remove(key)),
  }
}
