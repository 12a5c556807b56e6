import type * as z from 'zod/mini'
import { BadFrame, idOf, parseFrame, parseObject } from '../protocol/parse.ts'
import type { ErrorFrame, Reply } from '../protocol/wire.ts'
import type { App, BaseApp, LogFields, StoreName } from './app.ts'
import { type ConnectedCaller, identityOf, type SocketEvent, type SocketResult } from './aws/socket-event.ts'
import { Refusal, Replaced } from './domain/errors.ts'
import { closeWithGoaway, type GoawayReason } from './push/goaway.ts'

/** One route: it uses the stores that its type names. */
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

/** A verb of the protocol: parse the frame, run, reply. Every error becomes a frame here and nowhere else. */
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
    let away: GoawayReason | undefined
    try {
      const object = parseObject(event.body ?? '')
      id = idOf(object)
      const caller = identityOf(event, app.settings.adminGroup)
      if (caller.exp * 1000 <= startedAt) {
        away = 'token_expired'
        throw tokenExpired()
      }
      const frame = parseFrame(schema, object)
      reply = { ok: true, ...(await run(app, { frame, caller, connectionId, connectedAt })) }
    } catch (error) {
      if (error instanceof Replaced) away = 'replaced'
      reply = { ok: false, error: errorFrame(app, error, requestId) }
    }
    const code = reply.ok ? 'ok' : reply.error.code
    writeLog(app, { route: routeKey, requestId, connectionId, outcome: code, ms: app.clock.now() - startedAt })
    const body = JSON.stringify(id === undefined ? reply : { id, ...reply })
    if (!away) return { statusCode: 200, body }
    await closeWithGoaway(app.connections, connectionId, body, away)
    return { statusCode: 200 }
  }

const tokenExpired = () =>
  new Refusal('forbidden', 'The token has expired. Connect again with a new one.', {
    details: { reason: 'token_expired' },
  })

/** What cannot be logged must not cost anyone an answer. */
export function writeLog(app: Pick<BaseApp, 'report'>, fact: LogFields): void {
  try {
    app.report(fact)
  } catch {
    // There is nowhere left to say so.
  }
}

const apologies: Pick<ErrorFrame, 'message' | 'retryable'> = { message: 'Something went wrong here.', retryable: true }

function errorFrame(app: BaseApp, error: unknown, requestId: string): ErrorFrame {
  if (error instanceof BadFrame) {
    const details = error.field === undefined ? {} : { details: { field: error.field } }
    return { code: 'invalid', message: error.message, retryable: false, ...details }
  }
  if (!(error instanceof Refusal)) {
    writeLog(app, { level: 'error', requestId, ...describe(error) })
    return { code: 'internal', ...apologies }
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

/** Messages of errors that others made may quote what a user wrote, so only the kinds that never do are logged. */
const speakable = new Set(['Error', 'TypeError', 'RangeError'])

function describe(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error }
  return { error: error.name, ...(speakable.has(error.name) && { message: error.message }) }
}
