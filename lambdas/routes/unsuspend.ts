import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { route } from '../route.ts'

export const unsuspend = route(
  frames.unsuspend,
  async (app: App<'suspensions' | 'records'>, { frame: { user }, caller }) => {
    requireAdmin(caller)
    await app.records.addAdministrative(
      { at: app.clock.now(), event: 'unsuspended', by: caller.user, details: { user } },
      user,
    )
    return { unsuspended: await app.suspensions.remove(user) }
  },
)
