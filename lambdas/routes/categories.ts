import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { visibleCategories } from '../domain/rooms/category-changes.ts'
import { pagingOf } from '../replies/cursor.ts'
import { categoryCard, categoryFrame } from '../replies/encode.ts'
import { pageOf } from '../replies/page.ts'
import { route } from '../route.ts'

/** The reply has pages, sorted by id, because the lists for an administrator may fill several frames. */
export const categories = route(frames.categories, async (app: App<'categories'>, { frame, caller }) => {
  const creatable = frame.creatable === true
  const paging = await pagingOf(app, caller, ['categories', creatable, caller.admin], frame.cursor)
  const { page, ...more } = pageOf({
    items: await visibleCategories(app.categories, caller, creatable),
    id: ({ categoryId }) => categoryId,
    encode: caller.admin ? categoryFrame : categoryCard,
    paging,
  })
  return { categories: page, ...more }
})
