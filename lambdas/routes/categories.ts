import * as frames from '../../protocol/frames.ts'
import { limits } from '../../protocol/limits.ts'
import type { App } from '../app.ts'
import { visibleCategories } from '../domain/rooms/category-changes.ts'
import { cursorFor, readCursor } from '../replies/cursor.ts'
import { categoryCard, categoryFrame } from '../replies/encode.ts'
import { fitInFrame } from '../replies/page.ts'
import { route } from '../route.ts'

/** By id; an administrator sees the lists as well, and those can fill several frames. */
export const categories = route(
  frames.categories,
  async (app: App<'categories'>, { frame: { creatable, cursor }, caller }) => {
    const visible = await visibleCategories(app.categories, caller, creatable === true)
    const question = `categories ${creatable === true}`
    const last = cursor === undefined ? '' : String(readCursor(cursor, question))
    const following = visible.filter(({ categoryId }) => categoryId > last)
    const sorted = following.sort((a, b) => (a.categoryId < b.categoryId ? -1 : 1))
    const page = fitInFrame(sorted.map(caller.admin ? categoryFrame : categoryCard), limits.frameBytes - 2048, 'oldest')
    const end = page.at(-1)
    const more = page.length < sorted.length && end && { cursor: cursorFor(question, end.categoryId) }
    return { categories: page, ...more }
  },
)
