import type { CategoryStore } from '../domain/access/categories.ts'
import type { Exported } from '../domain/record/export.ts'
import { administration, isOf, type RecordStore, recordAbout } from '../domain/record/record.ts'
import { allRooms } from '../domain/rooms/all-rooms.ts'
import type { DirectoryStore } from '../domain/rooms/directory.ts'

/** A part of the record: that of a room, or one with acts of administrators. */
export interface RecordPart {
  /** The name of the part in cursors. That of a room is its id. */
  tag: string
  /** What is read in place of a room id. */
  id: string
  isRoom: boolean
  isWanted: (item: Exported) => boolean
}

export interface PartStores {
  directory: DirectoryStore
  categories: CategoryStore
  records: RecordStore
}

/** Names of parts that are no rooms. Ids of rooms have only letters and digits, so these sort before them. */
const tags = { acts: '!acts', about: '!user' }

/** The record of a room. With a user, only what the user did or said, and what names the user. */
export const partOf = (roomId: string, user: string | undefined): RecordPart => ({
  tag: roomId,
  id: roomId,
  isRoom: true,
  isWanted: (item) => user === undefined || isItemOf(user, item),
})

/** All parts from this one on: the acts of administrators, then the rooms by id. */
export async function* partsFrom(
  stores: PartStores,
  user: string | undefined,
  tag: string,
): AsyncGenerator<RecordPart> {
  if (tag <= tags.acts) yield actsBy(user)
  if (tag <= tags.about && user !== undefined) yield actsAbout(user)
  for await (const { roomId } of allRooms(stores, tag > tags.about ? tag : '')) yield partOf(roomId, user)
}

/** An act of the user that concerns the user is in the next part. */
const actsBy = (user: string | undefined): RecordPart => ({
  tag: tags.acts,
  id: administration,
  isRoom: false,
  isWanted: (item) =>
    item.kind === 'recorded' && (user === undefined || (item.line.by === user && item.line.details?.user !== user)),
})

const actsAbout = (user: string): RecordPart => ({
  tag: tags.about,
  id: recordAbout(user),
  isRoom: false,
  isWanted: () => true,
})

const isItemOf = (user: string, item: Exported): boolean =>
  item.kind === 'said' ? item.entry.from?.user === user : isOf(user, item.line)
