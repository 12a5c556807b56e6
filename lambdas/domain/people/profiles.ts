import { type GroupStore, isGuest } from '../access/principals.ts'

/** The name and the groups of a user from the newest token. */
export interface Profile {
  user: string
  name: string
  groups: string[]
  /** Milliseconds since 1970: the first connection with this name and these groups. */
  seenAt: number
}

export interface ProfileStore extends GroupStore {
  find(user: string): Promise<Profile | undefined>
  put(profile: Profile): Promise<void>
  /** Deletes the profile, the preferences and the invitations of a user, and the marks of the rooms that they created. */
  forget(user: string): Promise<void>
}

/**
 * Writes the profile only if it changed: most connections are made by users that are already known. A guest has no
 * profile.
 */
export async function saveProfile(people: ProfileStore, seen: Profile): Promise<void> {
  if (isGuest(seen.user)) return
  const profile = { ...seen, groups: [...new Set(seen.groups)].sort() }
  const known = await people.find(profile.user)
  if (known?.name === profile.name && known.groups.join('\n') === profile.groups.join('\n')) return
  await people.put(profile)
}
