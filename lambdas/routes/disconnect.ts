import { depart } from '../push/close-connection.ts'
import { type Handler, note } from '../route.ts'

/** The event may come twice, late or never; each of these leaves the same rooms in the end. */
export const disconnect: Handler = async (app, event) => {
  const { connectionId, requestId } = event.requestContext
  await depart(app, connectionId)
  note(app, { route: '$disconnect', requestId, connectionId, outcome: 'ok' })
  return { statusCode: 200 }
}
