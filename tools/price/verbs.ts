import { limits } from '../../protocol/limits.ts'
import type { Counts, Verb } from './counts.ts'
import { type Run, runs } from './durations.ts'
import { isLarge, maxAnnounced } from './large-rooms.ts'
import { framesOf, invocation, milliseconds, nothing, sum, type Usage } from './usage.ts'

/** A call of a verb in a room. */
export interface Call {
  /** Connections in the room, including the caller's. */
  members: number
  /** Bytes of the text of each message. */
  textBytes: number
  /** The maximum of messages in the reply to `join` or `history`. */
  page: number
  /** Groups of the caller. */
  groups?: number
}

/** A strongly consistent query costs a unit for each 4 KB begun, and one for an empty result. */
export const rosterUnits = ({ sessionBytes }: Counts, members: number): number => units(members * sessionBytes)
export const pageUnits = ({ entryBytes }: Counts, page: number, textBytes: number): number =>
  units(page * (entryBytes + textBytes))

/**
 * The grants to more groups are read together with those to everyone, and a query costs as much as the key of everyone.
 */
const mostKeyedGroups = 2

const units = (bytes: number) => Math.max(1, Math.ceil(bytes / 4096))

const announcementsIn = (members: number) => (members <= maxAnnounced ? members - 1 : 0)

/** The use of one call of each verb. */
export class Verbs {
  readonly #counts: Counts

  constructor(counts: Counts) {
    this.#counts = counts
  }

  connect(): Usage {
    const { authorizer, connect } = runs
    return sum(this.#call('connect', connect), { ...invocation(authorizer, milliseconds(authorizer)) })
  }

  hello(): Usage {
    return this.#call('hello', runs.hello)
  }

  /** Sent once on each connection, for new invitations. */
  invitations(): Usage {
    return this.#call('invitations', runs.invitations)
  }

  /** A template answers, so no function runs. */
  ping(): Usage {
    return this.#frames('ping')
  }

  /** `isNew` unless the user is in the room on another connection. */
  join(call: Call, isNew = true): Usage {
    const { members, textBytes, groups = 0 } = call
    const page = this.#page(call)
    const { messageBytes, participantBytes, participantEventBytes } = this.#counts
    const listed = members <= maxAnnounced ? members : 0
    const replyBytes = participantBytes * listed + page * (messageBytes + textBytes)
    const groupUnits = groups > mostKeyedGroups ? 0 : groups * this.#counts.joinedGroup
    const reads = groupUnits + this.#roster(members) + pageUnits(this.#counts, page, textBytes)
    const announced = isNew ? announcementsIn(members) : 0
    return sum(
      this.#call('join', runs.join, { replyBytes, reads, posts: announced }),
      posted(announced, participantEventBytes),
    )
  }

  /** A message in a room that is not large: delivered before the reply. */
  send({ members, textBytes }: Call): Usage {
    const frame = this.#counts.messageBytes + textBytes
    const listeners = members - 1
    const reads = rosterUnits(this.#counts, members)
    const call = this.#call('send', runs.send, {
      replyBytes: textBytes,
      requestBytes: textBytes,
      reads,
      posts: listeners,
    })
    return sum(call, this.#stored(textBytes), posted(listeners, frame))
  }

  /** A message in a large room: stored, with a reply. Its delivery is counted separately. */
  sendOnly({ textBytes }: Call): Usage {
    return sum(
      this.#call('send', runs.send, { replyBytes: textBytes, requestBytes: textBytes }),
      this.#stored(textBytes),
    )
  }

  history(call: Call): Usage {
    const { textBytes } = call
    const page = this.#page(call)
    const replyBytes = page * (this.#counts.messageBytes + textBytes)
    return this.#call('history', runs.history, { replyBytes, reads: pageUnits(this.#counts, page, textBytes) })
  }

  sync(rooms: number): Usage {
    return this.#call('sync', runs.sync, { reads: rooms * this.#counts.syncedRoom })
  }

  leave({ members }: Call): Usage {
    const announced = announcementsIn(members)
    const reads = this.#roster(members - 1)
    return sum(
      this.#call('leave', runs.leave, { reads, posts: announced }),
      posted(announced, this.#counts.participantEventBytes),
    )
  }

  disconnect(): Usage {
    return this.#call('disconnect', runs.disconnect)
  }

  /** Added to the end of a connection for each of its rooms; `isLast` unless the user is in the room on another connection. */
  sessionEnd({ members }: Call, isLast = true): Usage {
    const announced = isLast ? announcementsIn(members) : 0
    const reads = this.#roster(members - 1)
    const { gigabyteSeconds } = invocation(runs.sessionEnd, milliseconds(runs.sessionEnd, announced))
    const { readUnits, writeUnits } = this.#counts.verbs.sessionEnd
    return sum(
      { ...nothing, readUnits: readUnits + reads, writeUnits, gigabyteSeconds },
      posted(announced, this.#counts.participantEventBytes),
    )
  }

  #call(verb: Verb, run: Run, { replyBytes = 0, requestBytes = 0, reads = 0, posts = 0 } = {}): Usage {
    const { readUnits, writeUnits } = this.#counts.verbs[verb]
    const runs = invocation(run, milliseconds(run, posts))
    return sum(this.#frames(verb, requestBytes, replyBytes), runs, {
      ...nothing,
      readUnits: readUnits + reads,
      writeUnits,
    })
  }

  /** The frames of a request and its reply; the bytes are added to the fixed ones of the verb. */
  #frames(verb: Verb, addedToRequest = 0, addedToReply = 0): Usage {
    const { requestBytes, replyBytes } = this.#counts.verbs[verb]
    return {
      ...nothing,
      framesIn: requestBytes === 0 ? 0 : framesOf(requestBytes + addedToRequest),
      framesOut: replyBytes === 0 ? 0 : framesOf(replyBytes + addedToReply),
      sentBytes: replyBytes === 0 ? 0 : replyBytes + addedToReply,
    }
  }

  /** A reply is one frame, so its size bounds the number of messages. */
  #page({ page, textBytes }: Call): number {
    return Math.min(page, Math.floor(limits.frameBytes / (this.#counts.messageBytes + textBytes)))
  }

  /** The roster of a large room is not read. */
  #roster(members: number): number {
    return isLarge(members) ? 0 : rosterUnits(this.#counts, members)
  }

  #stored(textBytes: number): Usage {
    return { ...nothing, writeUnits: Math.ceil((this.#counts.entryBytes + textBytes) / 1024) }
  }
}

export const posted = (posts: number, bytes: number): Usage => ({
  ...nothing,
  posts,
  framesOut: posts * framesOf(bytes),
  sentBytes: posts * bytes,
})
