import { connect } from '../routes/connect.ts'
import { serve } from '../start.ts'
import { people, sessions } from '../stores.ts'

export const handler = serve({ people, sessions }, { $connect: connect })
