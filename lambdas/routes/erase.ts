import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { Refusal } from '../domain/errors.ts'
import { newSuspension } from '../domain/people/suspensions.ts'
import { isSilent, newErasure, toLedger } from '../domain/rooms/erasure.ts'
import { closeAllOfSuspended } from '../push/tell-and-close.ts'
import { erasureFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

/** Starts the erasure of a user, or tells how far it has come. A job that was cut off is started again. */
export const erase = route(
  frames.erase,
  async (app: App<'sessions' | 'suspensions' | 'records' | 'erasures' | 'jobs' | 'retention'>, { frame, caller }) => {
    requireAdmin(caller)
    const { user, messages } = frame
    const now = app.clock.now()
    const suspension = newSuspension(caller, { user, reason: 'Erased' }, now)
    const known = await app.erasures.find(user)
    if (known && (known.messages === messages || !known.done)) {
      if (isSilent(known, now)) await app.jobs.start({ erase: user })
      return { job: erasureFrame(known) }
    }
    if (await app.retention.isHeld({ user })) throw new Refusal('forbidden', 'The user is under a legal hold.')
    const job = newErasure(user, messages, caller.user, now)
    const line = { at: now, event: 'erased', by: caller.user, details: { user, messages } } as const
    await app.records.addAdministrative(line, user)
    await toLedger(app.records, job)
    await app.suspensions.put(suspension)
    await app.erasures.put(job)
    await app.jobs.start({ erase: user })
    await closeAllOfSuspended(app, user)
    return { job: erasureFrame(job) }
  },
)
