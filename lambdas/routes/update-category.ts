import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { updateCategory as update } from '../domain/rooms/category-changes.ts'
import { followedBy } from '../domain/steps.ts'
import { reviewNow } from '../jobs/review.ts'
import { categoryFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

/**
 * Settings that affect rights are reviewed even if they do not change, because an earlier call may have been
 * interrupted before its review.
 */
export const updateCategory = route(
  frames.updateCategory,
  async (app: App<'categories' | 'sessions' | 'roles' | 'rooms' | 'reviews'>, { frame, caller }) => {
    const { categoryId, version, ...change } = frame
    const { allowed, denied, history } = change
    const category = await followedBy(
      () => update(app.categories, caller, categoryId, version, change, app.clock.now()),
      async () => (allowed || denied || history !== undefined) && reviewNow(app, { categoryId }),
    )
    return { category: categoryFrame(category) }
  },
)
