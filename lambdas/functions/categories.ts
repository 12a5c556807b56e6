import { categories as categoriesRoute } from '../routes/categories.ts'
import { createCategory } from '../routes/create-category.ts'
import { deleteCategory } from '../routes/delete-category.ts'
import { updateCategory } from '../routes/update-category.ts'
import { serve } from '../start.ts'
import { categories, reviews, roles, rooms, sessions } from '../stores.ts'

export const handler = serve(
  { rooms, roles, categories, sessions, reviews },
  { createCategory, updateCategory, deleteCategory, categories: categoriesRoute },
)
