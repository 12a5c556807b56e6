import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { loadAccess, requirePermission } from '../domain/access/access.ts'
import { grantEvent } from '../domain/access/grants.ts'
import { addToRecord } from '../domain/record/lines.ts'
import { followedBy } from '../domain/steps.ts'
import { reviewNow } from '../jobs/review.ts'
import { route } from '../route.ts'

/**
 * The grant is deleted before the sessions are read. A concurrent join either sees the deleted grant, or the review
 * finds its session.
 */
export const revoke = route(
  frames.revoke,
  async (
    app: App<'roles' | 'categories' | 'records' | 'sessions' | 'rooms' | 'reviews'>,
    { frame: { roomId, role, principals }, caller },
  ) => {
    requirePermission(await loadAccess(app, roomId, caller), 'manage')
    const audit = { createdAt: app.clock.now(), createdBy: caller.user }
    await addToRecord(app.records, roomId, grantEvent('revoked', role, principals, audit))
    const changed = await followedBy(
      () => app.roles.revoke(roomId, role, principals),
      () => reviewNow(app, { roomId, reason: 'revoked', touched: principals }),
    )
    return { changed }
  },
)
