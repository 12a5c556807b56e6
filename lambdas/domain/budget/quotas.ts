import { timesLimits } from '../apps.ts'
import { Refusal } from '../errors.ts'

/** How much users may create, keep and spend in a minute. The stack sets the numbers, and `hello` publishes them. */
export interface QuotaLimits {
  roomsPerDay: number
  roomsManaged: number
  grantsPerRoom: number
  invitationsPerDay: number
  invitationsPerInviterPerDay: number
  preferencesPerUser: number
  preferenceBytesPerUser: number
  blocksPerUser: number
  unitsPerMinute: number
  messagesPerMinute: number
}

/** What is counted for each user and day. */
export type Counted = 'rooms' | 'invitations'

export interface QuotaStore {
  /** Counts `more` for the user on this day: all of them, or none if the sum would exceed `most`. */
  take(user: string, counted: Counted, day: number, more: number, most: number): Promise<boolean>
}

export interface QuotaPorts {
  quotas: QuotaStore
  settings: { quotas: QuotaLimits }
}

const dayMs = 24 * 60 * 60 * 1000

/** The beginning of the 24 hours that end now. */
export const dayBefore = (now: number): number => now - dayMs

/** The limit of each count, and its words in a refusal. */
const daily = {
  rooms: { limit: 'roomsPerDay', words: 'rooms created' },
  invitations: { limit: 'invitationsPerInviterPerDay', words: 'invitations made' },
} as const

/** What one user may create: administrators without a limit, services ten times as much as people. */
export const mostFor = ({ user, admin }: { user: string; admin: boolean }, most: number): number => {
  return admin ? Number.POSITIVE_INFINITY : most * timesLimits(user)
}

/** Counts what a user creates today, in UTC. Throws `limit_exceeded` and counts nothing if it is too much. */
export async function takeToday(
  { quotas, settings }: QuotaPorts,
  caller: { user: string; admin: boolean },
  counted: Counted,
  more: number,
  now: number,
): Promise<void> {
  const { limit, words } = daily[counted]
  const most = mostFor(caller, settings.quotas[limit])
  if (more === 0 || most === Number.POSITIVE_INFINITY) return
  if (await quotas.take(caller.user, counted, Math.floor(now / dayMs), more, most)) return
  throw tooMany(limit, `${most} ${words} by one user on one day`)
}

/** The message names the limit as `hello` does. */
export const tooMany = (limit: keyof QuotaLimits, most: string): Refusal =>
  new Refusal('limit_exceeded', `The limit ${limit} is reached: ${most}.`)
