import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { loadAccess, requirePermission } from '../domain/access/access.ts'
import { grantRole } from '../domain/access/grants.ts'
import { followedBy } from '../domain/steps.ts'
import { reviewNow } from '../jobs/review.ts'
import { announceInvitations } from '../push/invitations.ts'
import { route } from '../route.ts'

export const grant = route(
  frames.grant,
  async (
    app: App<
      | 'roles'
      | 'categories'
      | 'people'
      | 'records'
      | 'sessions'
      | 'quotas'
      | 'blocks'
      | 'invitations'
      | 'rooms'
      | 'reviews'
    >,
    { frame: { roomId, role, principals }, caller },
  ) => {
    const { room } = requirePermission(await loadAccess(app, roomId, caller), 'manage')
    const { changed } = await followedBy(
      () => grantRole(app, caller, room, role, principals, app.clock.now()),
      async (done) => done && announceInvitations(app, room, done.invitations),
      () => reviewNow(app, { roomId, reason: 'revoked', touched: principals }),
    )
    return { changed }
  },
)
