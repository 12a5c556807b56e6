import type { Clock, Random } from '../../lambdas/domain/clock.ts'
import type { Log } from '../../lambdas/domain/log/log.ts'
import type { RoomStore } from '../../lambdas/domain/rooms/rooms.ts'
import { roomOf } from '../support/memory/fixtures.ts'

/** The stores that the tests of a log need. */
export interface LogStores {
  rooms: Pick<RoomStore, 'create'>
  messages: Log
  clock: Clock & Random
}

let counted = 0

/** Creates a room with an empty log. No other test uses this room. */
export async function newLog({ rooms }: LogStores): Promise<string> {
  const roomId = `log-${++counted}`
  await rooms.create(roomOf(roomId, { name: `Log ${counted}` }), undefined)
  return roomId
}
