import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { loadAccess, requirePermission } from '../domain/access/access.ts'
import { grantRole } from '../domain/access/grants.ts'
import { review } from '../domain/sessions/review.ts'
import { announceInvitations } from '../push/invitations.ts'
import { pushReview } from '../push/review.ts'
import { route } from '../route.ts'

export const grant = route(
  frames.grant,
  async (
    app: App<'roles' | 'categories' | 'people' | 'records' | 'sessions'>,
    { frame: { roomId, role, principals }, caller },
  ) => {
    const { room } = requirePermission(await loadAccess(app, roomId, caller), 'manage')
    const audit = { createdAt: app.clock.now(), createdBy: caller.user }
    const { changed, invitations } = await grantRole(app, room, role, principals, audit)
    await announceInvitations(app, room, invitations)
    await pushReview(app, await review(app, roomId, principals), 'revoked')
    return { changed }
  },
)
