import { createCategory as create } from '../domain/category-life.ts'
import { categoryFrame } from '../gateway/encode.ts'
import * as frames from '../protocol/frames.ts'
import { route } from '../route.ts'

export const createCategory = route(frames.createCategory, async (app, { frame, caller }) => {
  const category = await create(app.categories, caller, frame, app.newId(), app.pace.now())
  return { category: categoryFrame(category) }
})
