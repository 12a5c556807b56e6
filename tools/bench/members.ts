import type { LocalRun } from '../../test/support/local-run/local-run.ts'
import { ChatSocket } from '../../test/support/socket/chat-socket.ts'

export const userAt = (at: number): string => `user${String(at).padStart(2, '0')}`

export const connect = async (run: LocalRun, user: string): Promise<ChatSocket> =>
  ChatSocket.open(run.url, await run.token(user))

let rooms = 0

/** A room with `size` joined members, each on its own connection. */
export async function joinedRoom(run: LocalRun, size: number): Promise<{ roomId: string; members: ChatSocket[] }> {
  const members = await Promise.all(Array.from({ length: size }, (_, at) => connect(run, userAt(at))))
  const [first] = members
  if (!first) throw new Error('A room needs at least one member.')
  const { room } = await first.ask('createRoom', { name: `Bench ${rooms++}` })
  const { roomId } = room
  await first.ask('grant', { roomId, role: 'member', principals: members.map((_, at) => `user:${userAt(at)}`) })
  // One after another, as concurrent joins cause many announcements, which are not measured here.
  for (const member of members) await member.ask('join', { roomId })
  return { roomId, members }
}

export const closeAll = (members: readonly ChatSocket[]) => Promise.all(members.map((member) => member.close()))

/** A text of 120 characters, about the length of a typical message. */
export const textOf = (number: number): string => `${number} `.padEnd(120, 'all work and no play ')
