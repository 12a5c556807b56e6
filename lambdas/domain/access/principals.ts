import { Refusal } from '../errors.ts'

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

/** A user without a token of an issuer. The groups of a guest are the categories that admit guests, as `guest:<id>`. */
export const isGuest = (user: string): boolean => user.startsWith(guestPrefix)

const guestPrefix = 'guest:'

/** Whether these are the principals of a guest, who is not part of `everyone`. */
export const areGuests = (principals: readonly Principal[]): boolean =>
  principals.some((principal) => isUser(principal) && isGuest(userIn(principal)))

/** The principal of a guest whom the category admits. */
export const guestOf = (categoryId: string): Principal => `${guestPrefix}${categoryId}`

/** All principals whose grants apply to this person, without duplicates: a token may name a group twice. */
export const principalsOf = ({ user, groups }: { user: string; groups: readonly string[] }): Principal[] =>
  isGuest(user)
    ? [userPrincipal(user), ...new Set(groups.filter((group) => group.startsWith(guestPrefix)))]
    : [userPrincipal(user), ...new Set(groups.map((group) => `group:${group}`)), everyone]

export interface GroupStore {
  /** The groups of each user's last token. A user who never connected is not in the map. */
  groupsOf(users: readonly string[]): Promise<Map<string, string[]>>
}

export function requireAdmin(caller: Caller): void {
  if (!caller.admin) throw new Refusal('forbidden', 'Only an administrator may do this.')
}
