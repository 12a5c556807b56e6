import type * as types from '../protocol/types.ts'
import type { Entry } from '../protocol/wire.ts'

/** What each verb asks and answers, in the words of docs/protocol.md, derived from the schemas. Times are RFC 3339. */

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
/** Enough of a room to show it and to join it. */
export type RoomSummary = types.RoomSummary
/** One line of the record of a room. */
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

/** A room by exactly one of its three names. A summary, or a room, is a reference too. */
export type RoomReference = { roomId: string } | { roomUri: string } | { roomName: string }

/** `clientRoomId` makes the creation safe to repeat; the client draws one when it is left out. */
export type NewRoom = Requests['createRoom']

/** `version` is the one that was read. A list that is given replaces the whole list. */
export type RoomUpdate = Requests['updateRoom']

export type RoleChange = Requests['grant']

/** Which rooms: exactly one of the first six fields says it, the rest narrow it down. */
export type BrowseQuery = Requests['browse']

export type NewCategory = Requests['createCategory']
export type CategoryUpdate = Requests['updateCategory']

/** What administrators see of a category; everybody else gets it without the lists, the version and the dates. */
export type Category = types.CategoryCard & Partial<types.FullCategory>

type AnyHistory = Requests['history']

/** Upwards from `after`, or downwards from `before` or the end; the filters narrow it down. */
export type HistoryQuery = Omit<AnyHistory, 'roomId' | 'roomIds'> & { roomId: string }

/** The same question for up to 20 rooms; a page of one room is gone on with by its own question. */
export type RoomsQuery = Omit<AnyHistory, 'roomId' | 'roomIds' | 'cursor'> & { roomIds: readonly string[] }

type OnePage = Extract<types.Replies['history'], { messages: unknown }>
type ManyPages = Extract<types.Replies['history'], { rooms: unknown }>

/** With a `cursor` there is more, in the direction that was asked for. A search is done up to `searchedTo`. */
export type HistoryPage = WithEntries<OnePage>

/** A page of each room that was asked for. */
export type RoomPages = Omit<ManyPages, 'rooms'> & { rooms: WithEntries<ManyPages['rooms'][number]>[] }

/** By number, or by what the messages are. */
export type Removal = Requests['removeMessages']

/** Which part of a room's record. */
export type RecordQuery = Requests['record']

/** Sets `data` when it is given; answers it when it is newer than `knownVersion`. */
export type PreferenceQuery = Requests['preference']

export type Hello = types.Replies['hello']
export type JoinReply = WithEntries<types.Replies['join']>
