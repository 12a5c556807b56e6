import type { Push } from '../../protocol/wire.ts'
import { differencesOf, type RoomChange } from '../domain/rooms/room-changes.ts'

/** The push about a change of a room; undefined if nothing changed. */
export function roomPush({ before, after }: RoomChange): Extract<Push, { type: 'room' }> | undefined {
  const { roomId, version } = after
  if (version === before.version) return undefined
  return { type: 'room', roomId, version, changed: differencesOf(before, after) }
}
