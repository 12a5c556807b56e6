import type { Principal } from '../access/principals.ts'
import type { HeldRole, ManyRooms } from '../access/roles.ts'
import type { Privacy, Room } from '../room.ts'
import type { TextQuery } from '../text-query.ts'

export interface DirectoryStore extends ManyRooms {
  /**
   * Rooms of a category with ids from `from` on, sorted by id. It reads `readAhead` rooms at a time. The result may be
   * slightly old.
   */
  inCategory(categoryId: string, from: string, readAhead: number): AsyncIterable<Room>
  /** The roles of a principal in rooms with ids from `from` on, sorted by id. The result may be slightly old. */
  holdings(principal: Principal, from: string): AsyncIterable<HeldRole>
  /**
   * The number of users in a room. For a large room it is the last noted count. Otherwise at most `mostSessions`
   * sessions are counted.
   */
  attendance(roomId: string, mostSessions: number): Promise<UserCount>
}

export interface UserCount {
  /** The number of different users. */
  users: number
  /** True if some sessions were not counted. */
  more: boolean
}

/** Selects rooms: at most one source, and further conditions. */
export interface DirectoryQuery {
  criteria?: { text: string; match: TextQuery['match']; inDescription: boolean } | undefined
  mine?: boolean | undefined
  managed?: boolean | undefined
  joinedBy?: string | undefined
  invitedAfter?: number | undefined
  categoryId?: string | undefined
  privacy?: Privacy | undefined
  auditorium?: boolean | undefined
  /** Selects disabled rooms. Only users who manage a room find it when it is disabled. */
  disabled?: boolean | undefined
}

/** The start of a page: the first room whose id is not smaller than `from`. */
export interface DirectoryCursor {
  from: string
  /** The newest invitation that the list covers. */
  last?: number | undefined
}

export interface DirectoryPage {
  rooms: Room[]
  next?: DirectoryCursor
  last?: number | undefined
}
