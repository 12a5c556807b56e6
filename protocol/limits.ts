import { messageLimits } from './message-limits.ts'

/** Limits that `hello` publishes. Bytes are those of UTF-8, seconds and counts are whole numbers. */
export const limits = {
  ...messageLimits,
  titleCharacters: 200,
  parts: 100,
  nameCharacters: 64,
  descriptionCharacters: 512,
  idCharacters: 64,
  historyMessages: 500,
  /** Rooms of one history question. */
  historyRooms: 20,
  joinMessages: 30,
  resumeMessages: 200,
  roomsPerConnection: 100,
  connectionsPerUser: 25,
  principalsPerRequest: 100,
  browseRooms: 100,
  searchCharacters: 200,
  preferenceBytes: 16 * 1024,
  /** In the long run; the bursts are what may come at once. */
  messagesPerSecondPerRoom: 50,
  messageBurstPerRoom: 100,
  messagesPerSecondPerAuthor: 5,
  messageBurstPerAuthor: 20,
  joinsPerSecondPerConnection: 10,
  joinBurstPerConnection: 100,
} as const

/** How deep a frame may nest: the deepest one of the contract needs four. */
export const maxDepth = 8

/** API Gateway ends a connection at this age, and one that was silent for this long. */
export const maxAgeSeconds = 7200
export const idleSeconds = 600

/** Items of a connection outlive it a little, for the event of its end may be lost. */
const graceSeconds = 300

/**
 * Seconds since 1970: when a connection is gone for certain, however it ended, and when its token has ended, where that
 * is sooner.
 */
export function expiryOf(connectedAtMs: number, tokenEndsAt: number): { expiresAt: number; hearsUntil?: number } {
  const expiresAt = Math.ceil(connectedAtMs / 1000) + maxAgeSeconds + graceSeconds
  return { expiresAt, ...(tokenEndsAt < expiresAt && { hearsUntil: tokenEndsAt }) }
}
