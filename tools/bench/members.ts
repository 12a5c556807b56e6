import type { LocalRun } from '../../test/support/local-run/local-run.ts'
import { ChatSocket } from '../../test/support/socket/chat-socket.ts'

export const userAt = (at: number): string => `user${String(at).padStart(2, '0')}`

export const connect = async (run: LocalRun, user: string): Promise<ChatSocket> =>
  ChatSocket.open(run.url, await run.token(user))

let rooms = 0

/** A room, and so many of its members on a connection each, all of them joined. */
export async function joinedRoom(run: LocalRun, size: number): Promise<{ roomId: string; members: ChatSocket[] }> {
  const members = await Promise.all(Array.from({ length: size }, (_, at) => connect(run, userAt(at))))
  const [first] = members
  if (!first) throw new Error('A room needs somebody to make it.')
  const { room } = await first.ask('createRoom', { name: `Bench ${rooms++}` })
  const { roomId } = room
  await first.ask('grant', { roomId, role: 'member', principals: members.map((_, at) => `user:${userAt(at)}`) })
  // One after another: a crowd that joins at once tells everybody of everybody else, which is not what is measured.
  for (const member of members) await member.ask('join', { roomId })
  return { roomId, members }
}

export const closeAll = (members: readonly ChatSocket[]) => Promise.all(members.map((member) => member.close()))

/** About what people type: the length of the texts that every measurement sends. */
export const textOf = (number: number): string => `${number} `.padEnd(120, 'all work and no play ')
