import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { updateCategory as update } from '../domain/rooms/category-changes.ts'
import { reviewCategory } from '../push/room-change.ts'
import { categoryFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

/** What is given is reviewed even where it is no news: an earlier call may have been broken off before its review. */
export const updateCategory = route(
  frames.updateCategory,
  async (app: App<'categories' | 'sessions' | 'roles' | 'rooms'>, { frame, caller }) => {
    const { categoryId, version, ...change } = frame
    const category = await update(app.categories, caller, categoryId, version, change, app.clock.now())
    const { allowed, denied, history } = change
    if (allowed || denied || history !== undefined) await reviewCategory(app, categoryId)
    return { category: categoryFrame(category) }
  },
)
