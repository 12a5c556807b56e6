import { connect } from '../routes/connect.ts'
import { serve } from '../start.ts'
import { people, records, sessions, suspensions } from '../stores.ts'

export const handler = serve({ people, sessions, suspensions, records }, { $connect: connect })
