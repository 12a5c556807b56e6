import { browse } from '../routes/browse.ts'
import { serve } from '../start.ts'
import { categories, directory, invitations, sessions } from '../stores.ts'

export const handler = serve({ categories, directory, invitations, sessions }, { browse })
