/** What is known of somebody from the last time that they connected. */
export interface Profile {
  user: string
  name: string
  groups: string[]
  /** Milliseconds since 1970, when they first came with this name and these groups. */
  seenAt: number
}

export interface ProfileStore {
  find(user: string): Promise<Profile | undefined>
  put(profile: Profile): Promise<void>
  /** By user, the groups they came with last. Who never came is not in it. */
  groupsOf(users: readonly string[]): Promise<Map<string, string[]>>
}

/** Writes only what is new: most connections are made by people who are known already. */
export async function saveProfile(people: ProfileStore, seen: Profile): Promise<void> {
  const profile = { ...seen, groups: [...new Set(seen.groups)].sort() }
  const known = await people.find(profile.user)
  if (known?.name === profile.name && known.groups.join('\n') === profile.groups.join('\n')) return
  await people.put(profile)
}
