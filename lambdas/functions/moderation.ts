import { purge } from '../routes/purge.ts'
import { record } from '../routes/record.ts'
import { removeMessages } from '../routes/remove-messages.ts'
import { serve } from '../start.ts'
import { categories, messages, records, roles, sessions } from '../stores.ts'

export const handler = serve({ roles, categories, sessions, messages, records }, { removeMessages, purge, record })
