import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { newSuspension } from '../domain/people/suspensions.ts'
import { closeAllOfSuspended } from '../push/tell-and-close.ts'
import { suspensionFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

/** The suspension is stored before the connections are closed, so a repeated call completes an interrupted one. */
export const suspend = route(
  frames.suspend,
  async (app: App<'sessions' | 'suspensions' | 'records'>, { frame, caller }) => {
    requireAdmin(caller)
    const suspension = newSuspension(caller, frame, app.clock.now())
    const frameOfIt = suspensionFrame(suspension)
    const { user, since: _, by, ...details } = frameOfIt
    await app.records.addAdministrative(
      { at: suspension.since, event: 'suspended', by, details: { user, ...details } },
      user,
    )
    await app.suspensions.put(suspension)
    await closeAllOfSuspended(app, user)
    return { suspended: frameOfIt }
  },
)
