import { observed } from '../observe.ts'
import { closeConnection } from '../push/close-connection.ts'
import type { Handler } from '../route.ts'

/** The event may come twice, late or never. The result is the same in all cases. */
export const disconnect: Handler<'sessions'> = (app, event) => {
  const { connectionId, requestId } = event.requestContext
  return observed(app, { verb: '$disconnect', requestId, connectionId }, async () => {
    await closeConnection(app, connectionId)
    return { statusCode: 200 }
  })
}
