import type { Caller } from '../access/principals.ts'
import { Refusal } from '../errors.ts'

/** A user who may not connect. The grants of the user stay. */
export interface Suspension {
  user: string
  /** Milliseconds since 1970. */
  since: number
  /** The administrator. */
  by: string
  /** Milliseconds since 1970. Left out if the suspension does not end by itself. */
  until?: number
  reason?: string
}

export interface SuspensionStore {
  /** Reads with strong consistency. The suspension may have ended by itself. */
  find(user: string): Promise<Suspension | undefined>
  /** Replaces an earlier suspension of the user. */
  put(suspension: Suspension): Promise<void>
  /** Returns false if there was none. */
  remove(user: string): Promise<boolean>
  /** At most `most` suspensions of users after this one, sorted by user. */
  list(after: string, most: number): Promise<Suspension[]>
}

export const isInForce = ({ until }: Suspension, now: number): boolean => until === undefined || until > now

/** Throws `invalid` for a suspension of the caller, or one that has ended already. */
export function newSuspension(
  caller: Caller,
  { user, until, reason }: { user: string; until?: string | undefined; reason?: string | undefined },
  now: number,
): Suspension {
  if (user === caller.user) throw invalid('user', 'An administrator cannot suspend themselves.')
  const suspension = {
    user,
    since: now,
    by: caller.user,
    ...(until !== undefined && { until: Date.parse(until) }),
    ...(reason !== undefined && { reason }),
  }
  if (!isInForce(suspension, now)) throw invalid('until', 'until must be in the future.')
  return suspension
}

const invalid = (field: string, message: string) => new Refusal('invalid', message, { details: { field } })
