import { sync } from '../routes/sync.ts'
import { serve } from '../start.ts'
import { categories, messages, roles, sessions } from '../stores.ts'

export const handler = serve({ roles, categories, sessions, messages }, { sync })
