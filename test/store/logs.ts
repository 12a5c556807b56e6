import type { Clock, Random } from '../../lambdas/domain/clock.ts'
import type { Log } from '../../lambdas/domain/log/log.ts'
import type { RoomStore } from '../../lambdas/domain/rooms/rooms.ts'
import { roomOf } from '../support/memory/scene.ts'

/** What it takes to write a log and to read it in every way. */
export interface Logs {
  rooms: Pick<RoomStore, 'create'>
  messages: Log
  clock: Clock & Random
}

let counted = 0

/** A room whose log is empty, and which no other test uses. */
export async function newLog({ rooms }: Logs): Promise<string> {
  const roomId = `log-${++counted}`
  await rooms.create(roomOf(roomId, { name: `Log ${counted}` }), undefined)
  return roomId
}
