import { closeConnection } from '../push/close-connection.ts'
import { type Handler, writeLog } from '../route.ts'

/** The event may come twice, late or never; each of these leaves the same rooms in the end. */
export const disconnect: Handler<'sessions'> = async (app, event) => {
  const { connectionId, requestId } = event.requestContext
  await closeConnection(app, connectionId)
  writeLog(app, { route: '$disconnect', requestId, connectionId, outcome: 'ok' })
  return { statusCode: 200 }
}
