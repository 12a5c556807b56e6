import type { Counts } from './counts.ts'
import { type Derivation, longest, lowest, n } from './derivation.ts'
import { assumed, runs } from './durations.ts'
import { isLarge, largeRooms, partsOf } from './large-rooms.ts'
import type { Allowed } from './quotas.ts'
import { milliseconds } from './usage.ts'
import { rosterUnits } from './verbs.ts'

const textBytes = 120

/** The largest room that receives this rate of messages, each one delivered at once and on its own. */
export function largestRoom(counts: Counts, allowed: Allowed, perSecond: number): Derivation {
  const requests = allowed['requests-per-second']
  const posts = Math.floor(requests / perSecond)
  const reads = allowed['partition-reads']
  const roster = Math.floor(((reads / perSecond) * 4096) / counts.sessionBytes)
  const { workers } = allowed
  const ms = milliseconds(runs.deliver, largeRooms.partSize)
  const served = Math.floor((((workers * 1000) / ms) * largeRooms.partSize) / perSecond)
  const admitted = allowed['room-messages-per-second']
  const isAdmitted = perSecond <= admitted
  return lowest(`Largest room at ${n(perSecond)} a second, each message on its own`, 'connections', [
    ['frames and posts', posts, `${n(requests)} a second ÷ ${n(perSecond)} messages: one in, a post to everyone else`],
    [
      'reading the roster',
      roster,
      `${n(reads)} units a second ÷ ${n(perSecond)} × 4,096 bytes ÷ ${counts.sessionBytes} of a session`,
    ],
    [
      'workers',
      served,
      `${n(workers)} × 1,000 ÷ ${n(ms)} ms for ${largeRooms.partSize} posts × ${largeRooms.partSize} ÷ ${n(perSecond)}`,
    ],
    ...(isAdmitted ? [] : [['admission', 0, `a room takes ${n(admitted)} a second`] as const]),
  ])
}

/** The same with messages delivered in batches; a message waits at most for one broadcast. */
export function largestRoomWithBatches(counts: Counts, allowed: Allowed, perSecond: number): Derivation {
  const rate = Math.min(allowed['posts-per-second'], allowed['requests-per-second'])
  const bytes = counts.messageBytes + textBytes
  const fit = Math.floor(allowed['frame-bytes'] / bytes)
  const hold = Math.min(largeRooms.longestHoldSeconds, fit / perSecond)
  const posts = Math.floor(rate * hold)
  const admitted = allowed['room-messages-per-second']
  return lowest(`Largest room at ${n(perSecond)} a second, messages that wait travelling together`, 'connections', [
    [
      'posts',
      posts,
      `${n(rate)} a second × ${n(hold)} s, in which no more than ${fit} messages of ${bytes} bytes are said`,
    ],
    ...(perSecond <= admitted ? [] : [['admission', 0, `a room takes ${n(admitted)} a second`] as const]),
  ])
}

/** Seconds from the storing of a message to its last delivery, in an account without other load. */
export function secondsToDeliver(counts: Counts, allowed: Allowed, members: number): Derivation {
  const posts = members - 1
  const [rate, burst] = [allowed['requests-per-second'], allowed['requests-burst']]
  const throttled = Math.max(0, posts - burst) / rate
  const parts = isLarge(members) ? partsOf(members) : 1
  const rounds = Math.ceil(parts / allowed.workers)
  const ms = milliseconds(isLarge(members) ? runs.deliver : runs.send, posts / parts)
  const units = rosterUnits(counts, members)
  const reads = allowed['partition-reads']
  const work = `${n(posts / parts)} posts of ${assumed.postMs} ms, ${assumed.postsAtOnce} at once, or of ${assumed.postProcessorMs} ms of processor, whichever is longer`
  return longest(`One message to ${n(members)} connections`, 's', [
    ['posts', throttled, `(${n(posts)} − ${n(burst)} at once) ÷ ${n(rate)} a second`],
    ['functions', (rounds * ms) / 1000, `${parts} with ${work}, and waits: ${n(ms)} ms × ${rounds}`],
    ['reading the roster', units / reads, `${n(units)} units ÷ ${n(reads)} a second`],
  ])
}

/** Seconds until clients that lost their connections at the same moment are connected again and have all messages. */
export function secondsToReturn(counts: Counts, allowed: Allowed, clients: number, rooms: number): Derivation {
  const handshakes = allowed['connections-per-second']
  const inward = allowed['stage-requests-per-second']
  const { authorizer, connect, hello, invitations, join } = runs
  const arrival = [authorizer, connect, hello, invitations]
  const ms = arrival.reduce((all, run) => all + milliseconds(run), rooms * milliseconds(join))
  const concurrency = allowed['lambda-concurrency']
  // Half of the writes of a join or an end go to the partition of the room; the connection and the record are in others.
  const written = (counts.verbs.join.writeUnits + counts.verbs.sessionEnd.writeUnits) / 2
  const writes = allowed['partition-writes']
  const frames = clients * (2 + rooms)
  return longest(`${n(clients)} clients back after they were all cut off, rooms of each: ${n(rooms)}`, 's', [
    ['handshakes', clients / handshakes, `${n(clients)} ÷ ${n(handshakes)} a second`],
    [
      'frames in',
      frames / inward,
      `${n(clients)} × (hello, invitations and ${n(rooms)} joins) ÷ ${n(inward)} a second`,
    ],
    ['functions', (clients * ms) / 1000 / concurrency, `${n(clients)} × ${n(ms)} ms ÷ ${n(concurrency)} at once`],
    [
      'old and new sessions, if all are in one room',
      (clients * written) / writes,
      `${n(clients)} × ${n(written)} write units ÷ ${n(writes)} a second`,
    ],
  ])
}

/** The number of possible connections, bounded by handshakes, heartbeats and moves to new connections. */
export function mostConnections(allowed: Allowed, beatMinutes: number, lifeMinutes: number, rooms: number): Derivation {
  const handshakes = allowed['connections-per-second']
  const seconds = allowed['connection-seconds']
  const inward = allowed['stage-requests-per-second']
  const framesEach = 1 / (beatMinutes * 60) + (2 + rooms) / (lifeMinutes * 60)
  const perMinute = `one each ${n(beatMinutes)} min and ${n(2 + rooms)} each ${n(lifeMinutes)} min`
  return lowest('Connections at once, nobody talking', 'connections', [
    ['handshakes, at the longest life', handshakes * seconds, `${n(handshakes)} a second × ${n(seconds)} s`],
    ['handshakes, as clients move', handshakes * lifeMinutes * 60, `${n(handshakes)} a second × ${n(lifeMinutes)} min`],
    ['frames in', Math.floor(inward / framesEach), `${n(inward)} a second ÷ (${perMinute})`],
  ])
}

/** The number of rooms of one size that can be active at one rate at the same time. */
export function busyRooms(allowed: Allowed, members: number, perSecond: number): Derivation {
  const [all, inward] = [allowed['requests-per-second'], allowed['stage-requests-per-second']]
  const admitted = allowed['room-messages-per-second']
  const authors = Math.ceil(perSecond / allowed['author-messages-per-second'])
  const question = `Rooms of ${n(members)} where ${n(perSecond)} a second are said, by at least ${n(authors)} in each`
  return lowest(question, 'rooms', [
    [
      'frames and posts',
      Math.floor(all / (perSecond * members)),
      `${n(all)} a second ÷ (${n(perSecond)} × ${n(members)})`,
    ],
    ['frames in', Math.floor(inward / perSecond), `${n(inward)} a second ÷ ${n(perSecond)}`],
    ...(perSecond <= admitted ? [] : [['admission', 0, `a room takes ${n(admitted)} a second`] as const]),
  ])
}
