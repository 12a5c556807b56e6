import { type ChatClient, ChatError } from '../../client/index.ts'
import { Failure } from '../../commands/failure.ts'

/** A room as it was asked for: whether it is there now, and by which id its record is found. */
export interface Found {
  roomId: string
  exists: boolean
}

/**
 * The room of this id, URI or name. An id goes first, so that no room is found by the name of another's id. What is not
 * there may have been deleted: its record is kept under its id.
 */
export async function findRoom(client: Pick<ChatClient, 'getRoom'>, room: string): Promise<Found> {
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
    // What is no id may be a name, and the other way round.
    if (error instanceof ChatError && (error.code === 'not_found' || error.code === 'invalid')) return undefined
    if (error instanceof TypeError) throw new Failure(error.message, 'invalid')
    throw error
  }
}
