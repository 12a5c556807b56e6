import type { Room, RoomReference } from './requests.ts'

/** What `join` takes: `chat://…`, else a name; or any object that holds a `roomId`, a `roomUri` or a `roomName`. */
export type RoomTarget = string | RoomReference

/** The one name a target gives. A target that names nothing, or not like a room, is a TypeError. */
export function referenceTo(target: RoomTarget): RoomReference {
  if (typeof target === 'string') return target.startsWith('chat:') ? byUri(target) : { roomName: named(target) }
  if (typeof target !== 'object' || target === null) throw new TypeError('A room is joined by reference, name or URI.')
  if ('roomId' in target) return { roomId: named(target.roomId) }
  if ('roomUri' in target) return byUri(target.roomUri)
  return { roomName: named(target.roomName) }
}

/** The id that a reference carries; a name carries none. */
export function idIn(reference: RoomReference): string | undefined {
  if ('roomId' in reference) return reference.roomId
  return 'roomUri' in reference ? reference.roomUri.split('/').at(-1) : undefined
}

/** Whether a reference is to this room. The case of names does not count. */
export function isSameRoom(reference: RoomReference, { roomId, name }: Pick<Room, 'roomId' | 'name'>): boolean {
  if ('roomName' in reference) return reference.roomName.toLowerCase() === name.toLowerCase()
  return idIn(reference) === roomId
}

function byUri(uri: string): RoomReference {
  if (typeof uri !== 'string' || !/^chat:\/\/[^/\s]+\/[^/\s]+$/.test(uri)) {
    throw new TypeError('The URI of a room reads chat://<domain>/<roomId>.')
  }
  return { roomUri: uri }
}

function named(text: string): string {
  if (typeof text !== 'string' || text.trim() === '') throw new TypeError('A room needs a name.')
  return text
}
