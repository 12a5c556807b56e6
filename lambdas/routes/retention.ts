import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { findCategory, noCategory } from '../domain/access/categories.ts'
import { requireAdmin } from '../domain/access/principals.ts'
import { requireLog } from '../domain/log/log.ts'
import { route } from '../route.ts'

/** A job deletes the messages later. A rule of a room has priority over that of its category. */
export const retention = route(
  frames.retention,
  async (app: App<'retention' | 'categories' | 'messages' | 'records'>, { frame, caller }) => {
    requireAdmin(caller)
    const { roomId, categoryId = '', days } = frame
    const scope = roomId === undefined ? { categoryId } : { roomId }
    if (roomId !== undefined) await requireLog(app.messages, roomId)
    else if (!(await findCategory(app.categories, categoryId))) throw noCategory()
    if (days !== undefined) {
      const details = { ...scope, days }
      await app.records.addAdministrative({ at: app.clock.now(), event: 'retention', by: caller.user, details })
      await app.retention.setDays(scope, days === 0 ? undefined : days)
    }
    const current = await app.retention.daysOf(scope)
    return current === undefined ? {} : { days: current }
  },
)
