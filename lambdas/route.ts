import type * as z from 'zod/mini'
import { BadFrame, idOf, type Json, parseFrame, parseObject } from '../protocol/parse.ts'
import type { ErrorFrame, Reply } from '../protocol/wire.ts'
import type { App, StoreName } from './app.ts'
import { type ConnectedCaller, identityOf, type SocketEvent, type SocketResult } from './aws/socket-event.ts'
import { Refusal, Replaced, ShutOut } from './domain/errors.ts'
import { observed } from './observe.ts'
import { closeWithGoaway, type GoawayReason } from './push/goaway.ts'
import { withinBudget } from './within-budget.ts'

/** The handler of a route. Its type names the stores that it uses. */
export type Handler<Used extends StoreName = StoreName> = (app: App<Used>, event: SocketEvent) => Promise<SocketResult>

export interface Request<Frame> {
  frame: Frame
  caller: ConnectedCaller
  connectionId: string
  /** Milliseconds since 1970. */
  connectedAt: number
  /** Charges the caller units that no meter counts, and refuses a caller who is over the budget. */
  charge(units: number): Promise<void>
}

type Fields = Record<string, unknown>
type Verb<Frame, Used extends StoreName> = (app: App<Used>, request: Request<Frame>) => Promise<Fields>

/**
 * Makes the handler of a verb: it parses the frame, runs the verb and replies. Only this function converts errors to
 * frames.
 */
export const route =
  <Schema extends z.ZodMiniType, Used extends StoreName = never>(
    schema: Schema,
    run: Verb<z.output<Schema>, Used>,
  ): Handler<Used> =>
  (app, event) => {
    const { connectionId, connectedAt, routeKey, requestId } = event.requestContext
    const startedAt = app.clock.now()
    return observed(app, { verb: routeKey, requestId, connectionId }, async (course) => {
      const { id, object } = readObject(event.body ?? '')
      let reply: Reply
      try {
        const caller = identityOf(event, app.settings.adminGroup)
        course.user = caller.user
        const fields = await withinBudget(app, caller.user, routeKey, async (charge) => {
          const frame = object()
          course.roomId = roomOf(frame)
          if (caller.exp * 1000 <= startedAt) throw new TokenExpired()
          return run(app, { frame: parseFrame(schema, frame), caller, connectionId, connectedAt, charge })
        })
        course.roomId ??= roomOf(fields.room)
        reply = { ok: true, ...fields }
      } catch (error) {
        const refused = errorFrame(error, app.settings.epoch)
        // A frame that cannot be read is a fault of the client, and says nothing about the service.
        Object.assign(course, { outcome: refused.code, error: error instanceof BadFrame ? undefined : error })
        reply = { ok: false, error: refused }
      }
      const body = JSON.stringify(id === undefined ? reply : { id, ...reply })
      const goaway = goawayFor(course.error)
      if (!goaway) return { statusCode: 200, body }
      await closeWithGoaway(app.connections, connectionId, body, goaway.reason, goaway.reconnectInMs)
      return { statusCode: 200 }
    })
  }

/** The room that a frame names, or that a reply shows. */
function roomOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('roomId' in value)) return undefined
  return typeof value.roomId === 'string' ? value.roomId : undefined
}

/** The id of a frame, also of one that will be refused, and its object, which throws if the frame is not readable. */
function readObject(body: string): { id?: string; object: () => Json } {
  try {
    const object = parseObject(body)
    const id = idOf(object)
    return { ...(id !== undefined && { id }), object: () => object }
  } catch (error) {
    return {
      object: () => {
        throw error
      },
    }
  }
}

class TokenExpired extends Refusal {
  constructor() {
    super('forbidden', 'The token has expired. Connect again with a new one.', { details: { reason: 'token_expired' } })
  }
}

/** Why the connection ends with this error, if it does. */
function goawayFor(error: unknown): { reason: GoawayReason; reconnectInMs?: number } | undefined {
  if (error instanceof TokenExpired) return { reason: 'token_expired' }
  if (error instanceof Replaced) return { reason: 'replaced' }
  if (error instanceof ShutOut) return { reason: 'abuse', reconnectInMs: error.retryAfterMs ?? 0 }
  return undefined
}

const internalError: Pick<ErrorFrame, 'message' | 'retryable'> = {
  message: 'Something went wrong here.',
  retryable: true,
}

function errorFrame(error: unknown, epoch: string): ErrorFrame {
  if (error instanceof BadFrame) {
    const details = error.field === undefined ? {} : { details: { field: error.field } }
    return { code: 'invalid', message: error.message, retryable: false, ...details }
  }
  if (!(error instanceof Refusal)) return { code: 'internal', ...internalError }
  const { code, message, retryAfterMs } = error
  const retryable = code === 'rate_limited' || code === 'unavailable'
  const details = code === 'resync_required' ? { ...error.details, epoch } : error.details
  return {
    code: code,
    message,
    retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
    ...(details && { details }),
  }
}
