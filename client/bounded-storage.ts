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
  let hanging = 0
  const bounded = <Value>(access: () => Value | Promise<Value>): Value | Promise<Value> => {
    if (hanging > 0) throw new Error('The storage does not answer.')
    const result = access()
    if (!(result instanceof Object && 'then' in result)) return result
    return new Promise<Value>((resolve, reject) => {
      let isLate = false
      const stopTimer = clock.after(maxAccessMs, () => {
        isLate = true
        hanging++
        reject(new Error('The storage did not answer in time.'))
      })
      const end = () => {
        stopTimer()
        if (isLate) hanging--
      }
      result.then(resolve, reject).then(end, end)
    })
  }
  return {
    get: (key) => bounded(() => storage.get(key)),
    set: (key, value) => bounded(() => storage.set(key, value)),
    remove: (key) => bounded(() => storage.remove(key)),
  }
}
