import { isGuest } from '../access/principals.ts'
import { type QuotaPorts, tooMany } from '../budget/quotas.ts'
import { Refusal } from '../errors.ts'

/** Data that a client stores for its user under a label. */
export interface Preference {
  data: string
  /** 1 after the first change, and one more after each further change. */
  version: number
}

/** What all preferences of a user take. */
export interface PreferenceUse {
  labels: number
  /** Bytes of data, in UTF-8. */
  bytes: number
}

export interface PreferenceStore {
  find(user: string, label: string): Promise<Preference | undefined>
  /** What the user's preferences take together. It reads no further when they take more than these bytes. */
  use(user: string, most: number): Promise<PreferenceUse>
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
  { preferences: store, settings }: { preferences: PreferenceStore } & Pick<QuotaPorts, 'settings'>,
  user: string,
  { label, data, knownVersion }: PreferenceRequest,
): Promise<Partial<Preference> & { version: number }> {
  if (data !== undefined) {
    if (isGuest(user)) throw new Refusal('forbidden', 'A guest has no preferences.')
    await requireSpace(store, settings, user, label, data)
    return { version: await store.set(user, label, data) }
  }
  const found = await store.find(user, label)
  if (!found) return { version: 0 }
  return found.version === knownVersion ? { version: found.version } : found
}

/**
 * Throws `limit_exceeded` for a new label, or for data that grow, beyond the limits. Data that do not grow are always
 * taken. Calls that run at once may exceed the limits by one label and its data each.
 */
async function requireSpace(
  store: PreferenceStore,
  { quotas }: QuotaPorts['settings'],
  user: string,
  label: string,
  data: string,
): Promise<void> {
  const { preferencesPerUser, preferenceBytesPerUser } = quotas
  const old = await store.find(user, label)
  const growth = bytesOf(data) - bytesOf(old?.data ?? '')
  if (old && growth <= 0) return
  const used = await store.use(user, preferenceBytesPerUser)
  if (!old && used.labels >= preferencesPerUser)
    throw tooMany('preferencesPerUser', `${preferencesPerUser} labels of one user`)
  if (growth > 0 && used.bytes + growth > preferenceBytesPerUser)
    throw tooMany('preferenceBytesPerUser', `${preferenceBytesPerUser} bytes of preferences of one user`)
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length
