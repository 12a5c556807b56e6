import { unknownAction } from '../routes/default.ts'
import { serve } from '../start.ts'

export const handler = serve({}, { $default: unknownAction })
