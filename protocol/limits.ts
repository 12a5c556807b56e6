import { messageLimits } from './message-limits.ts'

/** The limits that `hello` publishes. Bytes are bytes of UTF-8. Seconds and counts are integers. */
export const limits = {
  ...messageLimits,
  titleCharacters: 200,
  parts: 100,
  nameCharacters: 64,
  descriptionCharacters: 512,
  idCharacters: 64,
  historyMessages: 500,
  /** The most rooms of one `history` request. */
  historyRooms: 20,
  joinMessages: 30,
  resumeMessages: 200,
  roomsPerConnection: 100,
  connectionsPerUser: 25,
  principalsPerRequest: 100,
  browseRooms: 100,
  searchCharacters: 200,
  preferenceBytes: 16 * 1024,
  /** The longest time for which a rule of retention keeps messages. */
  retentionDays: 36_500,
  /** Average rates. The bursts are the most that may come at once. */
  messagesPerSecondPerRoom: 50,
  messageBurstPerRoom: 100,
  messagesPerSecondPerAuthor: 5,
  messageBurstPerAuthor: 20,
  /** A user who sends more frames that cannot be read is shut out for a minute. */
  badFramesPerMinute: 100,
  joinsPerSecondPerConnection: 10,
  joinBurstPerConnection: 100,
} as const

/** The names of the quotas that a deployment sets; `hello` publishes them with the limits. */
export const quotaNames = [
  'roomsPerDay',
  'roomsManaged',
  'grantsPerRoom',
  'invitationsPerDay',
  'invitationsPerInviterPerDay',
  'preferencesPerUser',
  'preferenceBytesPerUser',
  'blocksPerUser',
  'unitsPerMinute',
  'messagesPerMinute',
] as const

/** The greatest depth of nested values in a frame. Frames of the contract need at most four levels. */
export const maxDepth = 8

/** API Gateway closes a connection at this age, or after this time without frames. */
export const maxAgeSeconds = 7200
export const idleSeconds = 600

/** The items of a connection are kept a little longer, because the event of its end may be lost. */
const graceSeconds = 300

/**
 * Times in seconds since 1970. `expiresAt`: the connection is certainly closed. `hearsUntil`: the token has expired;
 * left out if this is later than `expiresAt`.
 */
export function expiryOf(connectedAtMs: number, tokenEndsAt: number): { expiresAt: number; hearsUntil?: number } {
  const expiresAt = Math.ceil(connectedAtMs / 1000) + maxAgeSeconds + graceSeconds
  return { expiresAt, ...(tokenEndsAt < expiresAt && { hearsUntil: tokenEndsAt }) }
}
