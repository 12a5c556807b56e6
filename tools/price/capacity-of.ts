import type { Counts } from './counts.ts'
import { least, most, n, type Reckoning } from './derivation.ts'
import { assumed, runs } from './durations.ts'
import { isLarge, largeRooms, partsOf } from './large-rooms.ts'
import type { Allowed } from './quotas.ts'
import { milliseconds } from './usage.ts'
import { rosterUnits } from './verbs.ts'

const textBytes = 120

/** The largest room in which so many messages a second reach everyone, each on its own as soon as it is said. */
export function largestRoom(counts: Counts, allowed: Allowed, perSecond: number): Reckoning {
  const requests = allowed['requests-per-second']
  const posts = Math.floor(requests / perSecond)
  const reads = allowed['partition-reads']
  const roster = Math.floor(((reads / perSecond) * 4096) / counts.sessionBytes)
  const { workers } = allowed
  const ms = milliseconds(runs.deliver, largeRooms.partSize)
  const served = Math.floor((((workers * 1000) / ms) * largeRooms.partSize) / perSecond)
  const admitted = allowed['room-messages-per-second']
  const isAdmitted = perSecond <= admitted
  return least(`Largest room at ${n(perSecond)} a second, each message on its own`, 'connections', [
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

/** The same when what is said meanwhile travels together in one frame: nobody waits longer than one broadcast lasts. */
export function largestRoomTogether(counts: Counts, allowed: Allowed, perSecond: number): Reckoning {
  const rate = Math.min(allowed['posts-per-second'], allowed['requests-per-second'])
  const bytes = counts.messageBytes + textBytes
  const fit = Math.floor(allowed['frame-bytes'] / bytes)
  const hold = Math.min(largeRooms.longestHoldSeconds, fit / perSecond)
  const posts = Math.floor(rate * hold)
  const admitted = allowed['room-messages-per-second']
  return least(`Largest room at ${n(perSecond)} a second, messages that wait travelling together`, 'connections', [
    [
      'posts',
      posts,
      `${n(rate)} a second × ${n(hold)} s, in which no more than ${fit} messages of ${bytes} bytes are said`,
    ],
    ...(perSecond <= admitted ? [] : [['admission', 0, `a room takes ${n(admitted)} a second`] as const]),
  ])
}

/** From the moment that it is stored until the last of so many connections has one message, with nothing else going on. */
export function secondsToDeliver(counts: Counts, allowed: Allowed, members: number): Reckoning {
  const posts = members - 1
  const [rate, burst] = [allowed['requests-per-second'], allowed['requests-burst']]
  const throttled = Math.max(0, posts - burst) / rate
  const parts = isLarge(members) ? partsOf(members) : 1
  const rounds = Math.ceil(parts / allowed.workers)
  const ms = milliseconds(isLarge(members) ? runs.deliver : runs.send, posts / parts)
  const units = rosterUnits(counts, members)
  const reads = allowed['partition-reads']
  const each = `${n(posts / parts)} posts of ${assumed.postMs} ms, ${assumed.postsAtOnce} at once, or of ${assumed.postProcessorMs} ms of processor, whichever is longer`
  return most(`One message to ${n(members)} connections`, 's', [
    ['posts', throttled, `(${n(posts)} − ${n(burst)} at once) ÷ ${n(rate)} a second`],
    ['functions', (rounds * ms) / 1000, `${parts} with ${each}, and waits: ${n(ms)} ms × ${rounds}`],
    ['reading the roster', units / reads, `${n(units)} units ÷ ${n(reads)} a second`],
  ])
}

/** Until so many clients that were cut off at once are connected again and have what they missed. */
export function secondsToReturn(counts: Counts, allowed: Allowed, clients: number, rooms: number): Reckoning {
  const handshakes = allowed['connections-per-second']
  const inward = allowed['stage-requests-per-second']
  const { authorizer, connect, hello, invitations, join } = runs
  const arrival = [authorizer, connect, hello, invitations]
  const ms = arrival.reduce((all, run) => all + milliseconds(run), rooms * milliseconds(join))
  const concurrency = allowed['lambda-concurrency']
  // Half of what begins or ends a session is written beside the others of its room: its connection and the record are elsewhere.
  const written = (counts.verbs.join.writeUnits + counts.verbs.sessionEnd.writeUnits) / 2
  const writes = allowed['partition-writes']
  const frames = clients * (2 + rooms)
  return most(`${n(clients)} clients back after they were all cut off, rooms of each: ${n(rooms)}`, 's', [
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

/** How many may be connected: by what it takes to come, to stay, and to move to a fresh connection. */
export function mostConnections(allowed: Allowed, beatMinutes: number, lifeMinutes: number, rooms: number): Reckoning {
  const handshakes = allowed['connections-per-second']
  const seconds = allowed['connection-seconds']
  const inward = allowed['stage-requests-per-second']
  const framesEach = 1 / (beatMinutes * 60) + (2 + rooms) / (lifeMinutes * 60)
  const perMinute = `one each ${n(beatMinutes)} min and ${n(2 + rooms)} each ${n(lifeMinutes)} min`
  return least('Connections at once, nobody talking', 'connections', [
    ['handshakes, at the longest life', handshakes * seconds, `${n(handshakes)} a second × ${n(seconds)} s`],
    ['handshakes, as clients move', handshakes * lifeMinutes * 60, `${n(handshakes)} a second × ${n(lifeMinutes)} min`],
    ['frames in', Math.floor(inward / framesEach), `${n(inward)} a second ÷ (${perMinute})`],
  ])
}

/** Rooms of one size that may be spoken in at one rate, all at the same time. */
export function busyRooms(allowed: Allowed, members: number, perSecond: number): Reckoning {
  const [all, inward] = [allowed['requests-per-second'], allowed['stage-requests-per-second']]
  const admitted = allowed['room-messages-per-second']
  const authors = Math.ceil(perSecond / allowed['author-messages-per-second'])
  const question = `Rooms of ${n(members)} where ${n(perSecond)} a second are said, by at least ${n(authors)} in each`
  return least(question, 'rooms', [
    [
      'frames and posts',
      Math.floor(all / (perSecond * members)),
      `${n(all)} a second ÷ (${n(perSecond)} × ${n(members)})`,
    ],
    ['frames in', Math.floor(inward / perSecond), `${n(inward)} a second ÷ ${n(perSecond)}`],
    ...(perSecond <= admitted ? [] : [['admission', 0, `a room takes ${n(admitted)} a second`] as const]),
  ])
}
