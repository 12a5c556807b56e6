import { capital, type Schema } from './json-schema.ts'

/** Names of types that several frames share, by the field that holds them. `types.ts` has the same names. */
const byField: Record<string, string> = {
  emoticon: 'Emoticon',
  from: 'Author',
  invitations: 'InvitationSetting',
  match: 'Match',
  order: 'LogEnd',
  parts: 'MessagePart',
  permissions: 'Permission',
  privacy: 'Privacy',
  removed: 'RemovedMark',
  rich: 'RichText',
  role: 'Role',
  roles: 'Role',
  sort: 'LogEnd',
}

/** Names of types that occur in one place, by this place. */
const byPlace: Record<string, string> = {
  'BrowseReply.rooms': 'RoomSummary',
  'BrowseRequest.criteria': 'BrowseCriteria',
  'CategoriesReply.categories': 'VisibleCategory',
  'EraseReply.job': 'ErasureJob',
  'HelloReply.limits': 'Limits',
  'HistoryReply 0': 'RoomHistoryReply',
  'HistoryReply 1': 'RoomsHistoryReply',
  'JoinReply.you': 'Rights',
  'KickedPush.reason': 'KickReason',
  'MessagePush 0': 'SaidMessagePush',
  'MessagePush 1': 'RemovedMessagePush',
  'MessagePush 2': 'RemovalPush',
  'MessagePush 3': 'ErasurePush',
  'MoveRoomReply.purged': 'PurgedGrant',
  'ParticipantPush.event': 'Attendance',
  'RecordReply.entries': 'RecordEntry',
  'RoomInvitationsChange.new': 'InvitationSetting',
  'RoomInvitationsChange.old': 'InvitationSetting',
  'RoomPrivacyChange.new': 'Privacy',
  'RoomPrivacyChange.old': 'Privacy',
  'RoomPush.changed': 'RoomChanges',
  'RoomsHistoryReply.rooms': 'RoomHistory',
  'SuspendReply.suspended': 'Suspension',
  'SuspendedReply.users': 'Suspension',
  'SyncReply.rooms': 'MovedRooms',
  'SyncRequest.rooms': 'SeenPositions',
  MovedRooms: 'LogRange',
}

/** Names of the types of error details, by their fields. */
const byDetails: Record<string, string> = {
  field: 'FieldDetails',
  'field principals': 'PrincipalsDetails',
  head: 'HeadDetails',
  'head floor epoch': 'ResyncDetails',
  reason: 'TokenExpiredDetails',
  version: 'VersionDetails',
}

/**
 * Adds titles to the schema and to all inner schemas that generators make types of: objects, unions and enumerations.
 */
export function named(title: string, schema: Schema): Schema {
  const { properties, items, additionalProperties, anyOf, oneOf } = schema
  const list = (union: unknown, keyword: string) =>
    Array.isArray(union) && {
      [keyword]: union.map((each: Schema, at) => titled(memberName(title, each, at), each)),
    }
  return {
    title,
    ...schema,
    ...(isSchema(properties) && { properties: fieldsOf(title, properties) }),
    ...(isSchema(items) && { items: titled(title, items) }),
    ...(isSchema(additionalProperties) && {
      additionalProperties: titled(byPlace[title] ?? `${title}Value`, additionalProperties),
    }),
    ...list(anyOf, 'anyOf'),
    ...list(oneOf, 'oneOf'),
  }
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNamed = ({ type, anyOf, oneOf, enum: values }: Schema) =>
  type === 'object' || anyOf !== undefined || oneOf !== undefined || values !== undefined

function titled(title: string, schema: Schema): Schema {
  if (isNamed(schema)) return named(title, schema)
  return isSchema(schema.items) ? { ...schema, items: titled(title, schema.items) } : schema
}

const fieldsOf = (parent: string, properties: Schema): Schema =>
  Object.fromEntries(
    Object.entries(properties).map(([field, schema]) => [
      field,
      isSchema(schema) ? titled(fieldName(parent, field, schema), schema) : schema,
    ]),
  )

function fieldName(parent: string, field: string, schema: Schema): string {
  const byDetail = field === 'details' && byDetails[fieldsIn(schema)]
  if (byDetail) return byDetail
  if (parent === 'RoomChanges') return `Room${capital(field)}Change`
  const shared = isShared(schema) ? byField[field] : undefined
  return byPlace[`${parent}.${field}`] ?? shared ?? `${parent.replace(/Error$/, '')}${capital(field)}`
}

/** The name of a shared type applies to the setting `invitations`, but not to a list of invitations. */
const isShared = (schema: Schema) => !(isSchema(schema.items) && schema.items.$ref !== undefined)

function memberName(parent: string, member: Schema, at: number): string {
  const kind = wordOf(member, 'type') ?? wordOf(member, 'code')
  const listedName = byPlace[`${parent} ${at}`] ?? byDetails[fieldsIn(member)]
  if (listedName) return listedName
  return kind === undefined ? `${parent}${at + 1}` : `${kind.split('_').map(capital).join('')}${parent}`
}

const fieldsIn = ({ properties }: Schema) => (isSchema(properties) ? Object.keys(properties).join(' ') : '')

/** The constant value of a field, if it has one. */
function wordOf({ properties }: Schema, field: string): string | undefined {
  const schema = isSchema(properties) ? properties[field] : undefined
  return isSchema(schema) && typeof schema.const === 'string' ? schema.const : undefined
}
