import { limits } from '../../protocol/limits.ts'
import type { Counts, Verb } from './counts.ts'
import { type Run, runs } from './durations.ts'
import { isLarge, mostAnnounced } from './large-rooms.ts'
import { framesOf, invocation, milliseconds, nothing, sum, type Usage } from './usage.ts'

/** A call of a verb in a room. */
export interface Call {
  /** Connections in the room, the caller's among them. */
  members: number
  /** Bytes of the texts of messages. */
  textBytes: number
  /** Messages that the answer to `join` or `history` carries, at most. */
  page: number
  /** Groups of the caller. */
  groups?: number
}

/** A strongly consistent query costs a unit for each 4 KB begun, and one when it finds nothing. */
export const rosterUnits = ({ sessionBytes }: Counts, members: number): number => units(members * sessionBytes)
export const pageUnits = ({ entryBytes }: Counts, page: number, textBytes: number): number =>
  units(page * (entryBytes + textBytes))

const units = (bytes: number) => Math.max(1, Math.ceil(bytes / 4096))

const tellsOf = (members: number) => (members <= mostAnnounced ? members - 1 : 0)

/** What the bill says of one call. */
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

  /** Asked once on each connection, for those that came meanwhile. */
  invitations(): Usage {
    return this.#call('invitations', runs.invitations)
  }

  /** Answered by a template, so nothing runs. */
  ping(): Usage {
    return this.#frames('ping')
  }

  /** `arrives` unless the user is in the room on another connection. */
  join(call: Call, arrives = true): Usage {
    const { members, textBytes, groups = 0 } = call
    const page = this.#page(call)
    const { messageBytes, participantBytes, attendanceBytes } = this.#counts
    const listed = members <= mostAnnounced ? members : 0
    const more = participantBytes * listed + page * (messageBytes + textBytes)
    const rights = groups * this.#counts.joinedGroup
    const reads = rights + this.#roster(members) + pageUnits(this.#counts, page, textBytes)
    const told = arrives ? tellsOf(members) : 0
    return sum(this.#call('join', runs.join, { more, reads, posts: told }), posted(told, attendanceBytes))
  }

  /** A message in a room that is not large, handed to everyone before it is answered. */
  send({ members, textBytes }: Call): Usage {
    const frame = this.#counts.messageBytes + textBytes
    const listeners = members - 1
    const reads = rosterUnits(this.#counts, members)
    const call = this.#call('send', runs.send, { more: textBytes, asked: textBytes, reads, posts: listeners })
    return sum(call, this.#stored(textBytes), posted(listeners, frame))
  }

  /** A message in a large room: stored and answered. What hands it on is counted apart. */
  sendOnly({ textBytes }: Call): Usage {
    return sum(this.#call('send', runs.send, { more: textBytes, asked: textBytes }), this.#stored(textBytes))
  }

  history(call: Call): Usage {
    const { textBytes } = call
    const page = this.#page(call)
    const more = page * (this.#counts.messageBytes + textBytes)
    return this.#call('history', runs.history, { more, reads: pageUnits(this.#counts, page, textBytes) })
  }

  sync(rooms: number): Usage {
    return this.#call('sync', runs.sync, { reads: rooms * this.#counts.syncedRoom })
  }

  leave({ members }: Call): Usage {
    const told = tellsOf(members)
    const reads = this.#roster(members - 1)
    return sum(this.#call('leave', runs.leave, { reads, posts: told }), posted(told, this.#counts.attendanceBytes))
  }

  disconnect(): Usage {
    return this.#call('disconnect', runs.disconnect)
  }

  /** Added to the end of a connection for each room that it was in; `departs` unless the user is still there on another. */
  sessionEnd({ members }: Call, departs = true): Usage {
    const told = departs ? tellsOf(members) : 0
    const reads = this.#roster(members - 1)
    const { gigabyteSeconds } = invocation(runs.sessionEnd, milliseconds(runs.sessionEnd, told))
    const { readUnits, writeUnits } = this.#counts.verbs.sessionEnd
    return sum(
      { ...nothing, readUnits: readUnits + reads, writeUnits, gigabyteSeconds },
      posted(told, this.#counts.attendanceBytes),
    )
  }

  #call(verb: Verb, run: Run, { more = 0, asked = 0, reads = 0, posts = 0 } = {}): Usage {
    const { readUnits, writeUnits } = this.#counts.verbs[verb]
    const runs = invocation(run, milliseconds(run, posts))
    return sum(this.#frames(verb, more, asked), runs, { ...nothing, readUnits: readUnits + reads, writeUnits })
  }

  #frames(verb: Verb, more = 0, askedMore = 0): Usage {
    const { asked, answered } = this.#counts.verbs[verb]
    return {
      ...nothing,
      framesIn: asked === 0 ? 0 : framesOf(asked + askedMore),
      framesOut: answered === 0 ? 0 : framesOf(answered + more),
      sentBytes: answered === 0 ? 0 : answered + more,
    }
  }

  /** An answer takes one frame, so it carries no more messages than that holds. */
  #page({ page, textBytes }: Call): number {
    return Math.min(page, Math.floor(limits.frameBytes / (this.#counts.messageBytes + textBytes)))
  }

  /** Of a large room nobody looks at everyone. */
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
