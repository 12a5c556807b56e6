import { closeConnection } from '../push/close-connection.ts'
import type { Handler } from '../route.ts'
import { writeLog } from '../write-log.ts'

/** The event may come twice, late or never. The result is the same in all cases. */
export const disconnect: Handler<'sessions'> = async (app, event) => {
  const { connectionId, requestId } = event.requestContext
  await closeConnection(app, connectionId)
  writeLog(app, { route: '$disconnect', requestId, connectionId, outcome: 'ok' })
  return { statusCode: 200 }
}
