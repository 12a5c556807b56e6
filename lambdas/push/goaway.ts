import type { Push } from '../../protocol/wire.ts'

/** Why a connection has to end. Only after `replaced` its client stays away until a person asks for it. */
export type GoawayReason = 'token_expired' | 'age' | 'replaced'

/** The frame that asks a client to leave this connection, within so many milliseconds. */
export const goawayFrame = (reason: GoawayReason, reconnectInMs = 0): string =>
  JSON.stringify({ type: 'goaway', reason, reconnectInMs } satisfies Push)
