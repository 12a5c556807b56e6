import { history } from '../routes/history.ts'
import { serve } from '../start.ts'
import { categories, messages, records, roles, sessions } from '../stores.ts'

export const handler = serve({ roles, categories, sessions, messages, records }, { history })
