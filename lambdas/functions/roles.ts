import { grant } from '../routes/grant.ts'
import { revoke } from '../routes/revoke.ts'
import { roles as rolesRoute } from '../routes/roles.ts'
import { serve } from '../start.ts'
import { categories, people, records, roles, sessions } from '../stores.ts'

export const handler = serve({ roles, categories, people, sessions, records }, { grant, revoke, roles: rolesRoute })
