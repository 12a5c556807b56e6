import type { GroupStore } from '../access/principals.ts'

/** What is known of somebody from the last time that they connected. */
export interface Profile {
  user: string
  name: string
  groups: string[]
  /** Milliseconds since 1970, when they first came with this name and these groups. */
  seenAt: number
}

export interface ProfileStore extends GroupStore {
  find(user: string): Promise<Profile | undefined>
  put(profile: Profile): Promise<void>
}

/** Writes only what is new: most connections are made by people who are known already. */
export async function saveProfile(people: ProfileStore, seen: Profile): Promise<void> {
  const profile = { ...seen, groups: [...new Set(seen.groups)].sort() }
  const known = await people.find(profile.user)
  if (known?.name === profile.name && known.groups.join('\n') === profile.groups.join('\n')) return
  await people.put(profile)
}
