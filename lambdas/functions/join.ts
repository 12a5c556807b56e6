import { join } from '../routes/join.ts'
import { serve } from '../start.ts'
import { categories, messages, roles, rooms, sessions } from '../stores.ts'

export const handler = serve({ rooms, roles, categories, sessions, messages }, { join })
