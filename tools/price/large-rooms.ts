/** How messages reach a large room, in numbers. A test holds them against lambdas/domain/sessions/crowd.ts. */
export const largeRooms = {
  /** Above so many connections a message goes through the stream. */
  above: 500,
  /** A worker serves so many connections, … */
  partSize: 500,
  /** … more where there would be more workers than these. */
  mostParts: 20,
  /** A room that is spoken in is counted again after so long. */
  countedEverySeconds: 10,
  /** While its workers post, a broadcast holds back the next, but no longer than this. */
  longestHoldSeconds: 15,
  /** To look up how large a room was, and to note it. */
  lookUnits: 0.5,
  noteUnits: 2,
} as const

/** Above so many participants nobody is told of comings and goings. */
export const mostAnnounced = 75

export const isLarge = (members: number): boolean => members > largeRooms.above

export const partsOf = (members: number): number =>
  Math.min(largeRooms.mostParts, Math.max(1, Math.ceil(members / largeRooms.partSize)))

/** Seconds that a broadcast lasts, at so many posts a second: what is said meanwhile waits and travels together. */
export const holdSeconds = (members: number, postsPerSecond: number): number =>
  Math.min(members / postsPerSecond, largeRooms.longestHoldSeconds)
