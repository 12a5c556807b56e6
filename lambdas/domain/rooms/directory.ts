import type { Principal } from '../access/principals.ts'
import type { HeldRole, VisibilityStore } from '../access/visibility.ts'
import type { Privacy, Room } from '../room.ts'
import type { TextQuery } from '../text-query.ts'

export interface DirectoryStore extends VisibilityStore {
  /** Rooms of a category from an id on, in the order of ids, so many read at a time; may lag by a moment. */
  inCategory(categoryId: string, from: string, readAhead: number): AsyncIterable<Room>
  /** What a principal holds in rooms from an id on, in the order of ids; may lag by a moment. */
  holdings(principal: Principal, from: string): AsyncIterable<HeldRole>
  /** Who is in a room: of a large one what was noted last, else counted over so many sessions and no more. */
  attendance(roomId: string, mostSessions: number): Promise<UserCount>
}

export interface UserCount {
  /** Users, each once. */
  users: number
  /** There are sessions that were not counted. */
  more: boolean
}

/** Which rooms: one way to look, and what else they must be. */
export interface DirectoryQuery {
  criteria?: { text: string; match: TextQuery['match']; inDescription: boolean } | undefined
  mine?: boolean | undefined
  managed?: boolean | undefined
  joinedBy?: string | undefined
  invitedAfter?: number | undefined
  categoryId?: string | undefined
  privacy?: Privacy | undefined
  auditorium?: boolean | undefined
  /** Rooms that are out of use; nobody but those who manage them finds them. */
  disabled?: boolean | undefined
}

/** Where a page begins: at the first room whose id is not smaller. */
export interface DirectoryCursor {
  from: string
  /** The newest invitation that this list covers. */
  last?: number | undefined
}

export interface DirectoryPage {
  rooms: Room[]
  next?: DirectoryCursor
  last?: number | undefined
}
