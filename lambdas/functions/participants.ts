import { participants } from '../routes/participants.ts'
import { serve } from '../start.ts'
import { categories, roles, sessions } from '../stores.ts'

export const handler = serve({ roles, categories, sessions }, { participants })
