import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import type { App } from '../app.ts'
import { loadAccess, requirePermission } from '../domain/access/access.ts'
import { Refusal } from '../domain/errors.ts'
import { cursorFor, readCursor } from '../replies/cursor.ts'
import { grantFrame } from '../replies/encode.ts'
import { fitInFrame } from '../replies/page.ts'
import { route } from '../route.ts'

export const roles = route(
  frames.roles,
  async (app: App<'roles' | 'categories'>, { frame: { roomId, role, cursor }, caller }) => {
    const { permissions } = requirePermission(await loadAccess(app, roomId, caller), 'view')
    if (!permissions.includes('join') && !permissions.includes('manage')) {
      throw new Refusal('forbidden', 'Only members and managers may see the roles.')
    }
    const question = `roles ${roomId} ${role ?? ''}`
    const from = cursor === undefined ? undefined : String(readCursor(cursor, question))
    const page = await app.roles.list(roomId, role, from)
    const fitted = fitInFrame(page.grants.map(grantFrame), limits.frameBytes - 2048, 'oldest').length
    // Long names fill a frame sooner than the page is full; what does not fit is left for the next one.
    const { grants, next } = fitted < page.grants.length ? await app.roles.list(roomId, role, from, fitted) : page
    return { grants: grants.map(grantFrame), ...(next !== undefined && { cursor: cursorFor(question, next) }) }
  },
)
