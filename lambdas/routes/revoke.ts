import { review } from '../domain/review.ts'
import { recordOf } from '../domain/roles.ts'
import { require, standingIn } from '../domain/standing.ts'
import { announceReview } from '../gateway/reviewed.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

/** The grant goes first and the sessions are read after it: a join that runs meanwhile sees one or is seen. */
export const revoke = route(frames.revoke, async (app, { frame: { roomId, role, principals }, caller }) => {
  require(await standingIn(app, roomId, caller), 'manage')
  const audit = { createdAt: app.pace.now(), createdBy: caller.user }
  await app.records.add(roomId, recordOf('revoked', role, principals, audit))
  const changed = await app.roles.revoke(roomId, role, principals)
  await announceReview(app, await review(app, roomId, principals), 'revoked')
  return { changed }
})
