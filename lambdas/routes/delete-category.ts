import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { deleteCategory as remove } from '../domain/rooms/category-changes.ts'
import { route } from '../route.ts'

export const deleteCategory = route(frames.deleteCategory, async (app: App<'categories'>, { frame, caller }) => {
  await remove(app.categories, caller, frame.categoryId, app.clock.now())
  return {}
})
