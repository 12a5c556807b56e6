import type * as z from 'zod/mini'
import { BadFrame, idOf, parseFrame, parseObject } from '../protocol/parse.ts'
import type { ErrorFrame, Reply } from '../protocol/wire.ts'
import type { App, BaseApp, LogFields, StoreName } from './app.ts'
import { type ConnectedCaller, identityOf, type SocketEvent, type SocketResult } from './aws/socket-event.ts'
import { Refusal, Replaced } from './domain/errors.ts'
import { closeWithGoaway, type GoawayReason } from './push/goaway.ts'

/** The handler of a route. Its type names the stores that it uses. */
export type Handler<Used extends StoreName = StoreName> = (app: App<Used>, event: SocketEvent) => Promise<SocketResult>

export interface Request<Frame> {
  frame: Frame
  caller: ConnectedCaller
  connectionId: string
  /** Milliseconds since 1970. */
  connectedAt: number
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
  async (app, event) => {
    const { connectionId, connectedAt, routeKey, requestId } = event.requestContext
    const startedAt = app.clock.now()
    let reply: Reply
    let id: string | undefined
    let goaway: GoawayReason | undefined
    try {
      const object = parseObject(event.body ?? '')
      id = idOf(object)
      const caller = identityOf(event, app.settings.adminGroup)
      if (caller.exp * 1000 <= startedAt) {
        goaway = 'token_expired'
        throw tokenExpired()
      }
      const frame = parseFrame(schema, object)
      reply = { ok: true, ...(await run(app, { frame, caller, connectionId, connectedAt })) }
    } catch (error) {
      if (error instanceof Replaced) goaway = 'replaced'
      reply = { ok: false, error: errorFrame(app, error, requestId) }
    }
    const code = reply.ok ? 'ok' : reply.error.code
    writeLog(app, { route: routeKey, requestId, connectionId, outcome: code, ms: app.clock.now() - startedAt })
    const body = JSON.stringify(id === undefined ? reply : { id, ...reply })
    if (!goaway) return { statusCode: 200, body }
    await closeWithGoaway(app.connections, connectionId, body, goaway)
    return { statusCode: 200 }
  }

const tokenExpired = () =>
  new Refusal('forbidden', 'The token has expired. Connect again with a new one.', {
    details: { reason: 'token_expired' },
  })

/** Writes a log line. A failed log line must not prevent the reply. */
export function writeLog(app: Pick<BaseApp, 'report'>, fields: LogFields): void {
  try {
    app.report(fields)
  } catch {
    // Logging failed; there is no other place to report it.
  }
}

const internalError: Pick<ErrorFrame, 'message' | 'retryable'> = {
  message: 'Something went wrong here.',
  retryable: true,
}

function errorFrame(app: BaseApp, error: unknown, requestId: string): ErrorFrame {
  if (error instanceof BadFrame) {
    const details = error.field === undefined ? {} : { details: { field: error.field } }
    return { code: 'invalid', message: error.message, retryable: false, ...details }
  }
  if (!(error instanceof Refusal)) {
    writeLog(app, { level: 'error', requestId, ...describe(error) })
    return { code: 'internal', ...internalError }
  }
  const { code, message, retryAfterMs } = error
  const retryable = code === 'rate_limited' || code === 'unavailable'
  const details = code === 'resync_required' ? { ...error.details, epoch: app.settings.epoch } : error.details
  return {
    code: code,
    message,
    retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
    ...(details && { details }),
  }
}

/** Messages of other errors may quote text of a user, so they are not logged. */
const safeErrorNames = new Set(['Error', 'TypeError', 'RangeError'])

function describe(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error }
  return { error: error.name, ...(safeErrorNames.has(error.name) && { message: error.message }) }
}
