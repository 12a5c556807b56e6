import { grant } from '../routes/grant.ts'
import { revoke } from '../routes/revoke.ts'
import { roles as rolesRoute } from '../routes/roles.ts'
import { serve } from '../start.ts'
import { blocks, categories, invitations, people, quotas, records, reviews, roles, rooms, sessions } from '../stores.ts'

export const handler = serve(
  { roles, categories, people, sessions, records, quotas, blocks, invitations, rooms, reviews },
  { grant, revoke, roles: rolesRoute },
)
