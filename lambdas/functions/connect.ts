import { connect } from '../routes/connect.ts'
import { serve } from '../start.ts'
import { people, sessions, suspensions } from '../stores.ts'

export const handler = serve({ people, sessions, suspensions }, { $connect: connect })
