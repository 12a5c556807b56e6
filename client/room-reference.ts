import type { Room, RoomReference } from './requests.ts'

/** A room for `join`: a `chat://…` URI, a name, or an object with a `roomId`, a `roomUri` or a `roomName`. */
export type RoomTarget = string | RoomReference

/** The reference of a target. Throws a TypeError if the target names no room. */
export function referenceTo(target: RoomTarget): RoomReference {
  if (typeof target === 'string')
    return target.startsWith('chat:') ? parseUri(target) : { roomName: requireName(target) }
  if (typeof target !== 'object' || target === null) throw new TypeError('A room must be a reference, a name or a URI.')
  if ('roomId' in target) return { roomId: requireName(target.roomId) }
  if ('roomUri' in target) return parseUri(target.roomUri)
  return { roomName: requireName(target.roomName) }
}

/** The id in a reference; undefined if the reference is a name. */
export function idIn(reference: RoomReference): string | undefined {
  if ('roomId' in reference) return reference.roomId
  return 'roomUri' in reference ? reference.roomUri.split('/').at(-1) : undefined
}

/** Whether a reference names this room. Names are compared without case. */
export function isSameRoom(reference: RoomReference, { roomId, name }: Pick<Room, 'roomId' | 'name'>): boolean {
  if ('roomName' in reference) return reference.roomName.toLowerCase() === name.toLowerCase()
  return idIn(reference) === roomId
}

function parseUri(uri: string): RoomReference {
  if (typeof uri !== 'string' || !/^chat:\/\/[^/\s]+\/[^/\s]+$/.test(uri)) {
    throw new TypeError('The URI of a room must be chat://<domain>/<roomId>.')
  }
  return { roomUri: uri }
}

function requireName(text: string): string {
  if (typeof text !== 'string' || text.trim() === '') throw new TypeError('A room needs a name.')
  return text
}
