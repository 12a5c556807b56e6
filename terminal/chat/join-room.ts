import { type ChatClient, ChatError, type ChatRoomSession, type JoinResult } from '../../client/index.ts'
import { Failure } from '../command/failure.ts'

export interface JoinRoomOptions {
  /** The name, the URI or the id of a room. */
  room: string
  /** Create an open room of that name if there is none. */
  create: boolean
  /** How many of the newest messages the result has. */
  limit: number
}

/** Joins a room. Rejects with a Failure if there is none. */
export async function joinRoom(
  client: Pick<ChatClient, 'createRoom'>,
  session: Pick<ChatRoomSession, 'join'>,
  { room, create, limit }: JoinRoomOptions,
): Promise<JoinResult> {
  const isUri = room.startsWith('chat:')
  const joined =
    (await joinIfFound(session, room, limit)) ??
    (isUri ? undefined : await joinIfFound(session, { roomId: room }, limit))
  if (joined) return joined
  if (!create || isUri)
    throw new Failure(`There is no room "${room}".${isUri ? '' : ' --create makes one.'}`, 'not_found')
  const { roomId } = await client.createRoom({ name: room, privacy: 'open' })
  return session.join({ roomId }, { limit })
}

async function joinIfFound(
  session: Pick<ChatRoomSession, 'join'>,
  target: string | { roomId: string },
  limit: number,
): Promise<JoinResult | undefined> {
  try {
    return await session.join(target, { limit })
  } catch (error) {
    if (error instanceof ChatError && error.code === 'not_found') return undefined
    if (error instanceof TypeError) throw new Failure(error.message, 'invalid')
    throw error
  }
}
