import { leave } from '../routes/leave.ts'
import { serve } from '../start.ts'
import { sessions } from '../stores.ts'

export const handler = serve({ sessions }, { leave })
