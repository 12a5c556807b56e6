import { isGuest } from '../access/principals.ts'
import { Refusal } from '../errors.ts'

/** Data that a client stores for its user under a label. */
export interface Preference {
  data: string
  /** 1 after the first change, and one more after each further change. */
  version: number
}

export interface PreferenceStore {
  find(user: string, label: string): Promise<Preference | undefined>
  /** Returns the version of the new data. */
  set(user: string, label: string, data: string): Promise<number>
}

interface PreferenceRequest {
  label: string
  data?: string | undefined
  knownVersion?: number | undefined
}

/**
 * Stores `data` if it is given. Otherwise reads it, and leaves it out if the reader already has this version. A guest
 * has no preferences.
 */
export async function getOrSet(
  store: PreferenceStore,
  user: string,
  { label, data, knownVersion }: PreferenceRequest,
): Promise<Partial<Preference> & { version: number }> {
  if (data !== undefined && isGuest(user)) throw new Refusal('forbidden', 'A guest has no preferences.')
  if (data !== undefined) return { version: await store.set(user, label, data) }
  const found = await store.find(user, label)
  if (!found) return { version: 0 }
  return found.version === knownVersion ? { version: found.version } : found
}
