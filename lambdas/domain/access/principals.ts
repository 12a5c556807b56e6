/** The receiver of a grant: `user:<sub>`, `group:<name>` or `everyone`. */
export type Principal = string

export const everyone: Principal = 'everyone'

/** The user of a connection, from the token of its handshake. */
export interface Caller {
  user: string
  name: string
  groups: readonly string[]
  /** The user is in the administrators' group of the deployment. This does not make the user a member of a room. */
  admin: boolean
}

export const isUser = (principal: Principal): boolean => principal.startsWith('user:')

/** The user id in a `user:` principal. */
export const userIn = (principal: Principal): string => principal.slice('user:'.length)

export const userPrincipal = (user: string): Principal => `user:${user}`

/** All principals whose grants apply to this person, without duplicates: a token may name a group twice. */
export const principalsOf = (person: { user: string; groups: readonly string[] }): Principal[] => [
  userPrincipal(person.user),
  ...new Set(person.groups.map((group) => `group:${group}`)),
  everyone,
]

export interface GroupStore {
  /** The groups of each user's last token. A user who never connected is not in the map. */
  groupsOf(users: readonly string[]): Promise<Map<string, string[]>>
}
