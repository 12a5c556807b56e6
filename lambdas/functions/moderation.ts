import { purge } from '../routes/purge.ts'
import { record } from '../routes/record.ts'
import { removeMessages } from '../routes/remove-messages.ts'
import { serve } from '../start.ts'
import { categories, directory, messages, records, retention, roles, sessions } from '../stores.ts'

export const handler = serve(
  { roles, categories, sessions, messages, records, directory, retention },
  { removeMessages, purge, record },
)
