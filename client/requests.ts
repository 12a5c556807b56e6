import type * as types from '../protocol/types.ts'
import type { Entry } from '../protocol/wire.ts'

/** The requests and replies of each verb, see docs/protocol.md, derived from the schemas. Times are RFC 3339. */

export type {
  Invitation,
  Match,
  Permission,
  Principal,
  Privacy,
  Rights,
  Role,
  Room,
} from '../protocol/types.ts'

export type Grant = types.Grant
export type PurgedGrant = types.PurgedGrant
/** The properties of a room that are needed to show it and to join it. */
export type RoomSummary = types.RoomSummary
/** One entry of the record of a room. */
export type RecordEntry = types.RecordEntry

type Requests = types.Requests

/** Entries with the fields of any kind of entry. */
type WithEntries<Reply> = Omit<Reply, 'messages'> & { messages: Entry[] }

/** The reply of each verb, without `id` and `ok`. */
export type Replies = Omit<types.Replies, 'join' | 'send' | 'history'> & {
  join: JoinReply
  send: { message: Entry; duplicate: boolean }
  history: HistoryPage | RoomPages
}

export type Verb = keyof types.Replies

/** A room by its id, its URI or its name. A summary, or a room, is a reference too. */
export type RoomReference = { roomId: string } | { roomUri: string } | { roomName: string }

/** `clientRoomId` makes the creation safe to repeat. Made by the client by default. */
export type NewRoom = Requests['createRoom']

/** `version` is the version that was read. Each list replaces the whole list of the room. */
export type RoomUpdate = Requests['updateRoom']

export type RoleChange = Requests['grant']

/** Which rooms: exactly one of the first six fields is required, the others are filters. */
export type BrowseQuery = Requests['browse']

export type NewCategory = Requests['createCategory']
export type CategoryUpdate = Requests['updateCategory']

/** A category. Only administrators get the lists, the version and the dates. */
export type Category = types.CategoryCard & Partial<types.FullCategory>

type AnyHistory = Requests['history']

/** Messages after `after`, or before `before`, or the newest ones; the other fields are filters. */
export type HistoryQuery = Omit<AnyHistory, 'roomId' | 'roomIds'> & { roomId: string }

/** The same query for up to 20 rooms. The next page of a room is a query about that room. */
export type RoomsQuery = Omit<AnyHistory, 'roomId' | 'roomIds' | 'cursor'> & { roomIds: readonly string[] }

type OnePage = Extract<types.Replies['history'], { messages: unknown }>
type ManyPages = Extract<types.Replies['history'], { rooms: unknown }>

/** With a `cursor` there is more in the same direction. A search has covered the log up to `searchedTo`. */
export type HistoryPage = WithEntries<OnePage>

/** A page of each room of the query. */
export type RoomPages = Omit<ManyPages, 'rooms'> & { rooms: WithEntries<ManyPages['rooms'][number]>[] }

/** Messages by their positions, or by filters. */
export type Removal = Requests['removeMessages']

/** A part of a room's record. */
export type RecordQuery = Requests['record']

/** Until a time, or until further notice. */
export type NewSuspension = Requests['suspend']
export type Suspension = types.Suspension
export type ErasureJob = types.ErasureJob

/** Stores `data` if it is given. The reply has the data if it is newer than `knownVersion`. */
export type PreferenceQuery = Requests['preference']

export type Hello = types.Replies['hello']
export type JoinReply = WithEntries<types.Replies['join']>
