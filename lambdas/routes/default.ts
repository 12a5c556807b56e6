import * as z from 'zod/mini'
import { BadFrame } from '../../protocol/parse.ts'
import { type Handler, route } from '../route.ts'

/** Refuses frames without a known action: no JSON, no object, or an unknown `action`. */
export const unknownAction: Handler<never> = route(z.object({}), async () => {
  throw new BadFrame('There is no such action.', 'action')
})
