import { invitations as invitationsRoute } from '../routes/invitations.ts'
import { preference } from '../routes/preference.ts'
import { serve } from '../start.ts'
import { categories, directory, invitations, preferences } from '../stores.ts'

export const handler = serve(
  { categories, directory, invitations, preferences },
  { invitations: invitationsRoute, preference },
)
