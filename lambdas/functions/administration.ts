import { disconnectUser } from '../routes/disconnect-user.ts'
import { erase } from '../routes/erase.ts'
import { legalHold } from '../routes/legal-hold.ts'
import { retention } from '../routes/retention.ts'
import { suspend } from '../routes/suspend.ts'
import { suspended } from '../routes/suspended.ts'
import { unsuspend } from '../routes/unsuspend.ts'
import { serve } from '../start.ts'
import * as stores from '../stores.ts'

const { sessions, suspensions, records, categories, messages, erasures, jobs } = stores

export const handler = serve(
  { sessions, suspensions, records, categories, messages, erasures, jobs, retention: stores.retention },
  { suspend, unsuspend, suspended, disconnect: disconnectUser, retention, legalHold, erase },
)
