import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import type { App } from '../app.ts'
import { loadAccess, requirePermission } from '../domain/access/access.ts'
import { Refusal } from '../domain/errors.ts'
import { pagingOf } from '../replies/cursor.ts'
import { grantFrame } from '../replies/encode.ts'
import { fitInFrame } from '../replies/page.ts'
import { route } from '../route.ts'

export const roles = route(
  frames.roles,
  async (app: App<'roles' | 'categories'>, { frame: { roomId, role, cursor }, caller }) => {
    const { start, cursorAt } = await pagingOf(app, caller, ['roles', roomId, role], cursor)
    const { permissions } = requirePermission(await loadAccess(app, roomId, caller), 'view')
    if (!permissions.includes('join') && !permissions.includes('manage')) {
      throw new Refusal('forbidden', 'Only members and managers may see the roles.')
    }
    const from = start === undefined ? undefined : String(start)
    const page = await app.roles.list(roomId, role, from)
    const fittingCount = fitInFrame(page.grants.map(grantFrame), limits.frameBytes - 2048, 'oldest').length
    // Long names can fill the frame before the page ends. The other grants are left for the next page.
    const { grants, next } =
      fittingCount < page.grants.length ? await app.roles.list(roomId, role, from, fittingCount) : page
    return { grants: grants.map(grantFrame), ...(next !== undefined && { cursor: cursorAt(next) }) }
  },
)
