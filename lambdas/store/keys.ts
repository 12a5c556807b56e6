import { createHash } from 'node:crypto'
import { key, logKey } from '../bindings.ts'
import type { Principal } from '../domain/access/principals.ts'
import type { Role } from '../domain/access/roles.ts'
import { foldName, formerFoldName } from '../domain/names.ts'
import type { HoldScope, RetentionScope } from '../domain/rooms/retention.ts'

/** The keys of all items. A name from a client may be too long for a partition key; such a name is hashed. */
export type Key = Record<string, string | number>

const item = (partition: string, sort: string): Key => ({ [key.partition]: partition, [key.sort]: sort })

/** A principal is `user:alice` in frames and `user#alice` in keys. */
export const principalKey = (principal: Principal) => principal.replace(':', '#')
export const principalOf = (stored: string): Principal => stored.replace('#', ':')

export const connectionPartition = (connectionId: string) => `connection#${connectionId}`
export const userPartition = (user: string) => `user#${user}`
export const roomPartition = (roomId: string) => `room#${roomId}`

/** All categories are in one partition, so that one query lists them. */
export const categoryPartition = 'categories'

/** All suspensions are in one partition, so that one query lists them. */
export const suspensionPartition = 'suspensions'

export const retentionPartition = 'retention'
export const holdPartition = 'holds'
export const erasurePartition = 'erasures'

export const keys = {
  connection: (connectionId: string) => item(connectionPartition(connectionId), 'connection'),
  session: (roomId: string, connectionId: string) => item(roomPartition(roomId), connectionPartition(connectionId)),
  crowd: (roomId: string) => item(`crowd#${roomId}`, 'crowd'),
  guestMinute: (network: string, minute: number) => item(`guests#${network}`, `minute#${minute}`),
  room: (roomId: string) => item(roomPartition(roomId), 'room'),
  /** Marks a deleted room until its last grant is deleted. */
  removedRoom: (roomId: string) => item(roomPartition(roomId), 'removed'),
  /** The keys under which the name of a room may be stored, the present one first. */
  names: (name: string) => nameKeys('name', name),
  category: (categoryId: string) => item(categoryPartition, `category#${categoryId}`),
  categoryNames: (name: string) => nameKeys('categoryName', name),
  profile: (user: string) => item(userPartition(user), 'profile'),
  grant: (roomId: string, role: Role, principal: Principal) =>
    item(roomPartition(roomId), `${rolePrefix(role)}${principalKey(principal)}`),
  clientRoom: (user: string, clientRoomId: string) => item(userPartition(user), `clientRoom#${clientRoomId}`),
  invitation: (user: string, invitationId: number) =>
    item(userPartition(user), `${invitationPrefix}${String(invitationId).padStart(digits, '0')}`),
  block: (user: string, blocked: string) => item(userPartition(user), `${blockPrefix}${blocked}`),
  day: (user: string, day: number) => item(userPartition(user), `day#${day}`),
  spending: (user: string, window: number) => item(userPartition(user), `window#${window}`),
  cursorKey: () => item('cursorKey', 'cursorKey'),
  shutOut: (user: string) => item(userPartition(user), 'shutOut'),
  preference: (user: string, label: string) => item(userPartition(user), `${preferencePrefix}${label}`),
  suspension: (user: string) => item(userPartition(user), 'suspension'),
  suspended: (user: string) => item(suspensionPartition, userPartition(user)),
  retention: (scope: RetentionScope) =>
    item(retentionPartition, 'roomId' in scope ? roomPartition(scope.roomId) : `category#${scope.categoryId}`),
  hold: (scope: HoldScope) =>
    item(holdPartition, 'roomId' in scope ? roomPartition(scope.roomId) : userPartition(scope.user)),
  erasure: (user: string) => item(erasurePartition, userPartition(user)),
  retentionProgress: item('retentionProgress', 'progress'),
  recordLine: (roomId: string, place: string) => item(`record#${roomId}`, place),
  entry: (roomId: string, seq: number): Key => ({ [logKey.partition]: roomId, [logKey.sort]: seq }),
}

export const invitationPrefix = 'invitation#'
export const preferencePrefix = 'preference#'
export const blockPrefix = 'block#'

/** Numbers in a key are padded with zeros, so that their order as text equals their numeric order. */
const digits = String(Number.MAX_SAFE_INTEGER).length

export const rolePrefix = (role: Role | undefined) => (role ? `role#${role}#` : 'role#')

/** The first and the last sort key that a grant of a role to everyone or to a group may have; those to users follow. */
export const sharedGrants = (role: Role): [string, string] => [
  `${rolePrefix(role)}everyone`,
  `${rolePrefix(role)}group$`,
]

/** A partition key holds at most 2 KB, and folding can make a name longer. */
const maxNameBytes = 1024

function nameKeys(kind: 'name' | 'categoryName', name: string): readonly [Key, ...Key[]] {
  const present = foldName(name)
  const former = formerFoldName(name)
  const keyOf = (folded: string) => item(namePartition(kind, folded), 'name')
  return former === present ? [keyOf(present)] : [keyOf(present), keyOf(former)]
}

function namePartition(kind: 'name' | 'categoryName', folded: string): string {
  return Buffer.byteLength(folded) <= maxNameBytes ? `${kind}#${folded}` : `${kind}Digest#${digestOf(folded)}`
}

export const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)
