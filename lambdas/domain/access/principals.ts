/** Who a grant is for: `user:<sub>`, `group:<name>` or `everyone`. */
export type Principal = string

export const everyone: Principal = 'everyone'

/** Who is speaking, as the token said when the connection was made. */
export interface Caller {
  user: string
  name: string
  groups: readonly string[]
  /** Holds the deployment's administrators' group. It alone makes nobody a member of anything. */
  admin: boolean
}

export const isUser = (principal: Principal): boolean => principal.startsWith('user:')

/** The user of a principal that is one. */
export const userIn = (principal: Principal): string => principal.slice('user:'.length)

export const userPrincipal = (user: string): Principal => `user:${user}`

/** Every principal whose grants count for this person, each once however often a token names a group. */
export const principalsOf = (person: { user: string; groups: readonly string[] }): Principal[] => [
  userPrincipal(person.user),
  ...new Set(person.groups.map((group) => `group:${group}`)),
  everyone,
]

export interface GroupStore {
  /** The groups of each user's last token. A user who never connected is not in the map. */
  groupsOf(users: readonly string[]): Promise<Map<string, string[]>>
}
