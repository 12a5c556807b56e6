import { hello } from '../routes/hello.ts'
import { serve } from '../start.ts'

export const handler = serve({}, { hello })
