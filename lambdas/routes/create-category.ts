import * as frames from '../../protocol/frames.ts'
import type { App } from '../app.ts'
import { createCategory as create } from '../domain/rooms/category-changes.ts'
import { categoryFrame } from '../replies/encode.ts'
import { route } from '../route.ts'

export const createCategory = route(frames.createCategory, async (app: App<'categories'>, { frame, caller }) => {
  const category = await create(app.categories, caller, frame, app.newId(), app.clock.now())
  return { category: categoryFrame(category) }
})
