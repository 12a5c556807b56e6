import { limits } from '../../protocol/limits.ts'
import { batchSize, delivery, recounts } from './broadcast.ts'
import type { Counts } from './counts.ts'
import { assumed } from './durations.ts'
import { isLarge } from './large-rooms.ts'
import { nothing, sum, times, type Usage } from './usage.ts'
import { type Call, Verbs } from './verbs.ts'
import type { Workload } from './workload.ts'

export interface Month {
  usage: Usage
  /** Bytes of the tables after the given number of months. */
  storedBytes: number
  /** A delivery is one message at one connection, including the sender's. */
  messages: number
  deliveries: number
  /** New connections in the month, and the rooms of each. */
  connections: number
  roomsEach: number
}

/** The workload in the units that API Gateway, Lambda and DynamoDB bill. */
export function monthOf(counts: Counts, workload: Workload): Month {
  const { users, groups, hours, rooms, members, bytes, life, beat, pages, days, months } = workload
  const online = users * workload.connections
  const isOnline = online > 0 && hours > 0
  const verbs = new Verbs(counts)
  const messages = isOnline && members >= 1 ? workload.messages * days : 0
  const call: Call = {
    members: Math.max(1, members),
    textBytes: bytes,
    groups,
    page: messages > 0 ? limits.joinMessages : 0,
  }
  const roomsEach = isOnline ? (rooms * members) / online : 0

  const opened = online * Math.ceil((hours * 60) / life) * days
  const arrivals = isOnline ? users * days : 0
  const joins = opened * roomsEach
  const announced = arrivals * roomsEach
  const connecting = sum(
    times(opened, sum(verbs.connect(), verbs.hello(), verbs.invitations(), verbs.disconnect())),
    times(announced, sum(verbs.join(call), verbs.sessionEnd(call))),
    times(joins - announced, sum(verbs.join(call, false), verbs.sessionEnd(call, false))),
  )

  const minutes = online * hours * 60 * days
  const beats = times(minutes / beat, roomsEach > 0 ? verbs.sync(roomsEach) : verbs.ping())
  const sent =
    isOnline && isLarge(members)
      ? inLargeRooms(counts, workload, call, messages, joins)
      : times(messages, verbs.send(call))
  const read = times(arrivals * pages, verbs.history(call))

  const entry = counts.entryBytes + bytes + assumed.itemOverheadBytes
  const lines = 2 * joins * (assumed.recordBytes + assumed.itemOverheadBytes)
  return {
    usage: sum(connecting, beats, sent, read, { ...nothing, connectionMinutes: minutes }),
    storedBytes: (messages * entry + lines) * months,
    messages,
    deliveries: messages * Math.max(1, members),
    connections: opened,
    roomsEach,
  }
}

/** Messages are spread evenly over the hours in which people are online. */
function inLargeRooms(counts: Counts, workload: Workload, call: Call, messages: number, joins: number): Usage {
  const { rooms, hours, days, members, postsPerSecond } = workload
  const seconds = rooms * hours * 3600 * days
  const batch = batchSize(messages / seconds, members, postsPerSecond)
  return sum(
    times(messages, new Verbs(counts).sendOnly(call)),
    times(messages / batch, delivery(counts, call, postsPerSecond, batch)),
    recounts(counts, members, messages + joins, seconds),
  )
}
