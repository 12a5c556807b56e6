import type { Requests } from '../protocol/types.ts'
import type { Message } from './message.ts'
import { onePage, roomPages, withKnown } from './pages.ts'
import type {
  BrowseQuery,
  Category,
  CategoryUpdate,
  Hello,
  HistoryPage,
  HistoryQuery,
  NewCategory,
  NewRoom,
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
  Verb,
} from './requests.ts'
import { type RoomTarget, referenceTo } from './room-reference.ts'

/**
 * Every verb that needs no session, one method each. They reject with a ChatError when the server refuses and with a
 * ConnectionError when no answer came. Those that may be repeated without harm are, up to five times, when no answer
 * came or the refusal is `retryable`; of the others a ConnectionError says `undecided`.
 */
export abstract class Verbs {
  /** `safe` says that asking twice comes to the same as asking once. */
  protected abstract ask<Name extends Verb>(verb: Name, fields: object, safe: boolean): Promise<Replies[Name]>

  /** A fresh id, for what has to be safe to repeat. */
  protected abstract newId(): string

  /** Who the caller is, and the limits that apply. */
  hello(): Promise<Hello> {
    return this.ask('hello', {}, true)
  }

  /** The caller becomes the room's manager, not its member. */
  async createRoom(room: NewRoom): Promise<Room> {
    return (await this.ask('createRoom', { clientRoomId: this.newId(), ...room }, true)).room
  }

  getRoom(target: RoomTarget): Promise<Replies['getRoom']> {
    return this.ask('getRoom', referenceTo(target), true)
  }

  /** A stale `version` is a ChatError with the code `conflict`. */
  async updateRoom(update: RoomUpdate): Promise<Room> {
    return (await this.ask('updateRoom', update, false)).room
  }

  /** `purged` lists grants that the new category does not allow, as many as fit; `purgedCount` counts them all. */
  moveRoom(roomId: string, categoryId: string): Promise<Replies['moveRoom']> {
    return this.ask('moveRoom', { roomId, categoryId }, false)
  }

  async deleteRoom(roomId: string): Promise<void> {
    await this.ask('deleteRoom', { roomId }, false)
  }

  /** Answers the principals that did not hold the role before. */
  async grant(change: RoleChange): Promise<Principal[]> {
    return (await this.ask('grant', change, true)).changed
  }

  /** Answers the principals that held the role. Who is in the room by it, is out. */
  async revoke(change: RoleChange): Promise<Principal[]> {
    return (await this.ask('revoke', change, true)).changed
  }

  /** A page of the grants of a room; with a `cursor` there is more. */
  roles(question: Requests['roles']): Promise<Replies['roles']> {
    return this.ask('roles', question, true)
  }

  /** A page of rooms; with a `cursor` there is more. Never shows a room that the caller may not see. */
  browse(question: BrowseQuery): Promise<Replies['browse']> {
    return this.ask('browse', question, true)
  }

  /** All categories that the caller is in scope of, or only those in which the caller may create rooms. */
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

  /** Invitations after the one with this number; `last` is the number to go on from. */
  invitations(after = 0): Promise<Replies['invitations']> {
    return this.ask('invitations', { after }, true)
  }

  /** One's own piece of data by a label, at most 16 KiB. Setting it counts its version up. */
  preference(question: PreferenceQuery): Promise<Replies['preference']> {
    return this.ask('preference', question, question.data === undefined)
  }

  /** Takes the bodies of messages away; their positions stay. With a `cursor` there is more to remove. */
  removeMessages(removal: Removal): Promise<Replies['removeMessages']> {
    return this.ask('removeMessages', removal, false)
  }

  /** Deletes what is older than a time. `floor` is the oldest position that is kept; ask again until `complete`. */
  purge(roomId: string, before: string): Promise<Replies['purge']> {
    return this.ask('purge', { roomId, before }, true)
  }

  /** A page of a room's record; with a `cursor` there is more. For administrators. */
  recordPage(question: RecordQuery): Promise<Replies['record']> {
    return this.ask('record', question, true)
  }

  /** The lines of a room's record one by one, page after page. For administrators. */
  async *record(question: RecordQuery): AsyncGenerator<RecordEntry, void, undefined> {
    let { cursor } = question
    do {
      const page = await this.recordPage({ ...question, cursor })
      yield* page.entries
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  /** Of the given rooms with their last positions, those that moved, and those in which this client has no session. */
  sync(rooms: Record<string, number>): Promise<Replies['sync']> {
    return this.ask('sync', { rooms }, true)
  }

  /** A sign of life, which the gateway answers alone. */
  async ping(): Promise<void> {
    await this.ask('ping', {}, true)
  }

  /** A page of those who are in the room; with a `cursor` there is more. */
  participants(question: Requests['participants']): Promise<Replies['participants']> {
    return this.ask('participants', question, true)
  }

  /** A page of messages. It needs the right to read, not a session. */
  async historyPage(question: HistoryQuery): Promise<HistoryPage> {
    return withKnown(onePage(await this.ask('history', question, true)))
  }

  /** A page of messages of each of up to 20 rooms. */
  async historyPages(question: RoomsQuery): Promise<RoomPages> {
    const { rooms, ...rest } = roomPages(await this.ask('history', question, true))
    return { ...rest, rooms: rooms.map(withKnown) }
  }

  /** Messages one by one, page after page: upwards from `after`, else from the newest down. */
  async *history(question: HistoryQuery): AsyncGenerator<Message, void, undefined> {
    const { after, from, order } = question
    const upward = (order ?? (after === undefined && from === undefined ? 'newest' : 'oldest')) === 'oldest'
    let cursor = question.cursor
    do {
      const page = await this.historyPage({ ...question, cursor })
      yield* page.messages.sort((a, b) => (upward ? a.seq - b.seq : b.seq - a.seq))
      cursor = page.cursor
    } while (cursor !== undefined)
  }
}
