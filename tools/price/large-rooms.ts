/** Constants of the delivery in large rooms. A test compares them with lambdas/domain/sessions/crowd.ts. */
export const largeRooms = {
  /** Above this number of connections the stream delivers a message. */
  above: 500,
  /** Connections that one worker serves; … */
  partSize: 500,
  /** … more if this number of workers would not suffice. */
  maxParts: 20,
  /** The age at which a count of an active room is renewed. */
  countedEverySeconds: 10,
  /** A broadcast delays the next while its workers post, at most for this time. */
  longestHoldSeconds: 15,
  /** For reading and writing the noted size of a room. */
  crowdReadUnits: 0.5,
  crowdWriteUnits: 2,
} as const

/** Above this number of participants joins and leaves are not announced. */
export const maxAnnounced = 75

export const isLarge = (members: number): boolean => members > largeRooms.above

export const partsOf = (members: number): number =>
  Math.min(largeRooms.maxParts, Math.max(1, Math.ceil(members / largeRooms.partSize)))

/** The duration of a broadcast. Messages that arrive meanwhile are delivered as one batch. */
export const holdSeconds = (members: number, postsPerSecond: number): number =>
  Math.min(members / postsPerSecond, largeRooms.longestHoldSeconds)
