/** Whatever a client keeps for its user under a label. */
export interface Preference {
  data: string
  /** 1 after the first time it was set, and rising with every other. */
  version: number
}

export interface PreferenceStore {
  find(user: string, label: string): Promise<Preference | undefined>
  /** Answers the version that this data has. */
  set(user: string, label: string, data: string): Promise<number>
}

interface PreferenceRequest {
  label: string
  data?: string | undefined
  knownVersion?: number | undefined
}

/** Sets what is given; else reads, and leaves out data that the reader holds already. */
export async function getOrSet(
  store: PreferenceStore,
  user: string,
  { label, data, knownVersion }: PreferenceRequest,
): Promise<Partial<Preference> & { version: number }> {
  if (data !== undefined) return { version: await store.set(user, label, data) }
  const found = await store.find(user, label)
  if (!found) return { version: 0 }
  return found.version === knownVersion ? { version: found.version } : found
}
