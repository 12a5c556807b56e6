import { disconnect } from '../routes/disconnect.ts'
import { serve } from '../start.ts'
import { sessions } from '../stores.ts'

export const handler = serve({ sessions }, { $disconnect: disconnect })
