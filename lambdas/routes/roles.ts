import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import { require, standingIn } from '../domain/access/access.ts'
import { Refused } from '../domain/errors.ts'
import { cursorFor, placeIn } from '../replies/cursor.ts'
import { grantFrame } from '../replies/encode.ts'
import { fitting } from '../replies/page.ts'
import { route } from '../route.ts'

export const roles = route(frames.roles, async (app, { frame: { roomId, role, cursor }, caller }) => {
  const { permissions } = require(await standingIn(app, roomId, caller), 'view')
  if (!permissions.includes('join') && !permissions.includes('manage')) {
    throw new Refused('forbidden', 'Only members and managers may see the roles.')
  }
  const question = `roles ${roomId} ${role ?? ''}`
  const from = cursor === undefined ? undefined : String(placeIn(cursor, question))
  const page = await app.roles.list(roomId, role, from)
  const fitted = fitting(page.grants.map(grantFrame), limits.frameBytes - 2048, 'oldest').length
  // Long names fill a frame sooner than the page is full; what does not fit is left for the next one.
  const { grants, next } = fitted < page.grants.length ? await app.roles.list(roomId, role, from, fitted) : page
  return { grants: grants.map(grantFrame), ...(next !== undefined && { cursor: cursorFor(question, next) }) }
})
