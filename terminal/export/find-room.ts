import { type ChatClient, ChatError } from '../../client/index.ts'
import { Failure } from '../command/failure.ts'

/** The id of a record, and whether its room still exists. */
export interface FoundRoom {
  roomId: string
  exists: boolean
}

/**
 * The room with this id, URI or name. The id is tried first, since another room may have this id as its name. A room
 * that is not found may have been deleted; its record is kept under its id.
 */
export async function findRoom(client: Pick<ChatClient, 'getRoom'>, room: string): Promise<FoundRoom> {
  const isUri = room.startsWith('chat:')
  const found = isUri
    ? await idOf(client, room)
    : ((await idOf(client, { roomId: room })) ?? (await idOf(client, room)))
  if (found !== undefined) return { roomId: found, exists: true }
  return { roomId: isUri ? (room.split('/').at(-1) ?? '') : room, exists: false }
}

async function idOf(
  client: Pick<ChatClient, 'getRoom'>,
  target: string | { roomId: string },
): Promise<string | undefined> {
  try {
    return (await client.getRoom(target)).room.roomId
  } catch (error) {
    // A name may be no valid id, and an id no valid name.
    if (error instanceof ChatError && (error.code === 'not_found' || error.code === 'invalid')) return undefined
    if (error instanceof TypeError) throw new Failure(error.message, 'invalid')
    throw error
  }
}
