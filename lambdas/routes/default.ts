import * as z from 'zod/mini'
import { BadFrame } from '../../protocol/parse.ts'
import { type Handler, route } from '../route.ts'

/** Whatever names no verb: not JSON, no object, or an action that does not exist. */
export const unknownAction: Handler<never> = route(z.object({}), async () => {
  throw new BadFrame('There is no such action.', 'action')
})
