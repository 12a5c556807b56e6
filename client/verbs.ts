import type { Requests } from '../protocol/types.ts'
import type { Message } from './message.ts'
import { onePage, roomPages, withKnown } from './pages.ts'
import type {
  BrowseQuery,
  Category,
  CategoryUpdate,
  ErasureJob,
  Hello,
  HistoryPage,
  HistoryQuery,
  NewCategory,
  NewRoom,
  NewSuspension,
  PreferenceQuery,
  Principal,
  RecordEntry,
  RecordQuery,
  Removal,
  Replies,
  RoleChange,
  Room,
  RoomPages,
  RoomsQuery,
  RoomUpdate,
  Suspension,
  Verb,
} from './requests.ts'
import { type RoomTarget, referenceTo } from './room-reference.ts'

/**
 * A method for each verb that needs no session. They reject with a ChatError if the server refuses, and with a
 * ConnectionError if it does not answer. Idempotent requests are sent up to five times if they are not answered or the
 * refusal is `retryable`. Other requests are sent once; the ConnectionError is `undecided` then.
 */
export abstract class Verbs {
  /** `idempotent`: running the request twice has the same effect as running it once. */
  protected abstract ask<Name extends Verb>(verb: Name, fields: object, idempotent: boolean): Promise<Replies[Name]>

  /** A new id, for requests that must be safe to repeat. */
  protected abstract newId(): string

  /** The caller, and the limits of the server. */
  hello(): Promise<Hello> {
    return this.ask('hello', {}, true)
  }

  /** Creates a room. The caller becomes its manager, not its member. */
  async createRoom(room: NewRoom): Promise<Room> {
    return (await this.ask('createRoom', { clientRoomId: this.newId(), ...room }, true)).room
  }

  getRoom(target: RoomTarget): Promise<Replies['getRoom']> {
    return this.ask('getRoom', referenceTo(target), true)
  }

  /** Rejects with the code `conflict` if the room has another `version` now. */
  async updateRoom(update: RoomUpdate): Promise<Room> {
    return (await this.ask('updateRoom', update, false)).room
  }

  /** `purged` has grants that the new category does not allow, as many as fit; `purgedCount` is the number of all. */
  moveRoom(roomId: string, categoryId: string): Promise<Replies['moveRoom']> {
    return this.ask('moveRoom', { roomId, categoryId }, false)
  }

  async deleteRoom(roomId: string): Promise<void> {
    await this.ask('deleteRoom', { roomId }, false)
  }

  /** Returns the principals that did not have the role before. */
  async grant(change: RoleChange): Promise<Principal[]> {
    return (await this.ask('grant', change, true)).changed
  }

  /** Returns the principals that had the role. Users who were in the room by this role are removed from it. */
  async revoke(change: RoleChange): Promise<Principal[]> {
    return (await this.ask('revoke', change, true)).changed
  }

  /** A page of the grants of a room; with a `cursor` there is more. */
  roles(query: Requests['roles']): Promise<Replies['roles']> {
    return this.ask('roles', query, true)
  }

  /** A page of the rooms that the caller may see; with a `cursor` there is more. */
  browse(query: BrowseQuery): Promise<Replies['browse']> {
    return this.ask('browse', query, true)
  }

  /** All categories whose scope includes the caller, or only those in which the caller may create rooms. */
  async categories({ creatable }: Pick<Requests['categories'], 'creatable'> = {}): Promise<Category[]> {
    const all: Category[] = []
    let cursor: string | undefined
    do {
      const page = await this.ask('categories', { creatable, cursor }, true)
      all.push(...page.categories)
      cursor = page.cursor
    } while (cursor !== undefined)
    return all
  }

  async createCategory(category: NewCategory): Promise<Category> {
    return (await this.ask('createCategory', category, false)).category
  }

  async updateCategory(update: CategoryUpdate): Promise<Category> {
    return (await this.ask('updateCategory', update, false)).category
  }

  async deleteCategory(categoryId: string): Promise<void> {
    await this.ask('deleteCategory', { categoryId }, false)
  }

  /** Invitations after the one with this number; `last` is the number for the next call. */
  invitations(after = 0): Promise<Replies['invitations']> {
    return this.ask('invitations', { after }, true)
  }

  /** The caller gets no invitations from this user any more. The user does not learn of it. */
  async block(user: string): Promise<void> {
    await this.ask('block', { user }, true)
  }

  async unblock(user: string): Promise<void> {
    await this.ask('unblock', { user }, true)
  }

  /** All users whom the caller blocks. */
  async blocks(): Promise<string[]> {
    const all: string[] = []
    let cursor: string | undefined
    do {
      const page = await this.ask('blocks', { cursor }, true)
      all.push(...page.users)
      cursor = page.cursor
    } while (cursor !== undefined)
    return all
  }

  /** Data of the caller under a label, at most 16 KiB. Setting it increases its version. */
  preference(query: PreferenceQuery): Promise<Replies['preference']> {
    return this.ask('preference', query, query.data === undefined)
  }

  /** Removes the bodies of messages; their positions stay. With a `cursor` there are more to remove. */
  removeMessages(removal: Removal): Promise<Replies['removeMessages']> {
    return this.ask('removeMessages', removal, false)
  }

  /** Deletes messages older than a time. `floor` is the oldest position that is kept. Call again until `complete`. */
  purge(roomId: string, before: string): Promise<Replies['purge']> {
    return this.ask('purge', { roomId, before }, true)
  }

  /** A page of a room's record; with a `cursor` there is more. For administrators. */
  recordPage(query: RecordQuery): Promise<Replies['record']> {
    return this.ask('record', query, true)
  }

  /** The entries of a room's record one by one, page after page. For administrators. */
  async *record(query: RecordQuery): AsyncGenerator<RecordEntry, void, undefined> {
    let { cursor } = query
    do {
      const page = await this.recordPage({ ...query, cursor })
      yield* page.entries
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  /** Keeps a user from connecting, and closes the user's connections. For administrators. */
  async suspend(suspension: NewSuspension): Promise<Suspension> {
    return (await this.ask('suspend', suspension, true)).suspended
  }

  /** Ends the suspension of a user. Returns false if there was none. For administrators. */
  async unsuspend(user: string): Promise<boolean> {
    return (await this.ask('unsuspend', { user }, true)).unsuspended
  }

  /** A page of the suspended users; with a `cursor` there is more. For administrators. */
  suspended(query: Requests['suspended'] = {}): Promise<Replies['suspended']> {
    return this.ask('suspended', query, true)
  }

  /** Closes one connection, or all of a user, and returns how many were open. For administrators. */
  async disconnectUser(target: Requests['disconnect']): Promise<number> {
    return (await this.ask('disconnect', target, true)).disconnected
  }

  /**
   * For how many days messages are kept, in a room or in the rooms of a category. With `days` it is set; 0 ends the
   * rule. For administrators.
   */
  async retention(query: Requests['retention']): Promise<number | undefined> {
    return (await this.ask('retention', query, true)).days
  }

  /** Whether a room, or the messages of a user, are under a legal hold. With `hold` it is set. For administrators. */
  async legalHold(query: Requests['legalHold']): Promise<boolean> {
    return (await this.ask('legalHold', query, true)).hold
  }

  /** Erases a user, or tells how far that has come. For administrators. */
  async erase(query: Requests['erase']): Promise<ErasureJob> {
    return (await this.ask('erase', query, true)).job
  }

  /** Given rooms with their last positions: those with newer messages, and those without a session of this client. */
  sync(rooms: Record<string, number>): Promise<Replies['sync']> {
    return this.ask('sync', { rooms }, true)
  }

  /** A heartbeat, which the gateway answers by itself. */
  async ping(): Promise<void> {
    await this.ask('ping', {}, true)
  }

  /** A page of the users in the room; with a `cursor` there is more. */
  participants(query: Requests['participants']): Promise<Replies['participants']> {
    return this.ask('participants', query, true)
  }

  /** A page of messages. The caller needs the right to read, but no session. */
  async historyPage(query: HistoryQuery): Promise<HistoryPage> {
    return withKnown(onePage(await this.ask('history', query, true)))
  }

  /** A page of messages of each of up to 20 rooms. */
  async historyPages(query: RoomsQuery): Promise<RoomPages> {
    const { rooms, ...rest } = roomPages(await this.ask('history', query, true))
    return { ...rest, rooms: rooms.map(withKnown) }
  }

  /** Messages one by one, page after page: with `after` the later ones, oldest first; otherwise the newest first. */
  async *history(query: HistoryQuery): AsyncGenerator<Message, void, undefined> {
    const { after, from, order } = query
    const isUpward = (order ?? (after === undefined && from === undefined ? 'newest' : 'oldest')) === 'oldest'
    let cursor = query.cursor
    do {
      const page = await this.historyPage({ ...query, cursor })
      yield* page.messages.sort((a, b) => (isUpward ? a.seq - b.seq : b.seq - a.seq))
      cursor = page.cursor
    } while (cursor !== undefined)
  }
}
