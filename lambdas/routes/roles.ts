import { Refused } from '../domain/errors.ts'
import { require, standingIn } from '../domain/standing.ts'
import { cursorFor, placeIn } from '../gateway/cursor.ts'
import { grantFrame } from '../gateway/encode.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

export const roles = route(frames.roles, async (app, { frame: { roomId, role, cursor }, caller }) => {
  const { permissions } = require(await standingIn(app, roomId, caller), 'view')
  if (!permissions.includes('join') && !permissions.includes('manage')) {
    throw new Refused('forbidden', 'Only members and managers may see the roles.')
  }
  const question = `roles ${roomId} ${role ?? ''}`
  const from = cursor === undefined ? undefined : String(placeIn(cursor, question))
  const { grants, next } = await app.roles.list(roomId, role, from)
  return { grants: grants.map(grantFrame), ...(next !== undefined && { cursor: cursorFor(question, next) }) }
})
