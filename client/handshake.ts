import { ConnectionError, type ConnectionErrorCode } from './errors.ts'
import { claimsOf } from './token.ts'

/** What a platform tells of a handshake that failed. Browsers tell nothing; the package `ws` tells the HTTP status. */
export interface FailedHandshake {
  readonly status?: number
  readonly message?: string
  readonly cause?: unknown
}

/** Reads the event `error` of a WebSocket that never opened. */
export function failedHandshake(event: unknown): FailedHandshake {
  const { message = '', error } = (event ?? {}) as { message?: unknown; error?: unknown }
  const text = String(message)
  const [, status] = /\bresponse: (\d{3})$/.exec(text) ?? []
  return {
    ...(status !== undefined && { status: Number(status) }),
    ...(text !== '' && { message: text }),
    ...(error !== undefined && { cause: error }),
  }
}

/** Statuses that another try may find changed: a time-out, a server that is gone for a moment, too many requests. */
const passing = [408, 410, 425, 429]

const failing = (code: ConnectionErrorCode) => (why: string, cause?: unknown) =>
  new ConnectionError(why, code, { cause })

export const unauthorized = failing('unauthorized')
export const misconfigured = failing('misconfigured')
export const unreachable = failing('unreachable')

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * The error of a failed handshake, as far as the platform or the token says what it was; nothing where neither does. A
 * token that has expired, or is none, is why, where the platform does not tell.
 */
export function errorOf({ status, message, cause }: FailedHandshake, token: string, nowMs: number) {
  const because = cause ?? message
  const network = networkCode(cause)
  const hint = against(token, nowMs)
  if (status === 401) return unauthorized(`The server did not accept the token (401). ${hint}`.trim(), because)
  if (status === 403) return misconfigured('Refused (403): this Origin is not allowed, or the URL is wrong.', because)
  if (status !== undefined) {
    const said = `The server answered ${status}.`
    return status < 500 && !passing.includes(status) ? misconfigured(said, because) : unreachable(said, because)
  }
  if (message?.includes('subprotocol')) return misconfigured('The server does not speak chat.v1.', because)
  if (network !== undefined) return unreachable(`The connection could not be made: ${network}.`, because)
  return hint === '' ? undefined : unauthorized(`The token was refused. ${hint}`, because)
}

/** Errors of the network have a code of the system, such as ECONNREFUSED. */
function networkCode(cause: unknown): string | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? code : undefined
}

/** What the token itself says against it. */
function against(token: string, nowMs: number): string {
  const claims = claimsOf(token)
  if (!claims) return 'It is no JWT.'
  return claims.exp !== undefined && claims.exp * 1000 <= nowMs ? 'It has expired.' : ''
}

/** A server that is there and refuses a handshake without a reason that the platform tells. */
export const refusedUnsaid = (cause: unknown): ConnectionError =>
  unauthorized('The server refuses this token, or this page.', cause)

/** The address is checked here, since platforms differ in what they throw. */
export function checkUrl(url: string): ConnectionError | undefined {
  if (typeof url === 'string' && /^wss?:\/\/[^/\s?#]+[^\s#]*$/i.test(url)) return undefined
  return misconfigured(`The URL must read wss://<host>/<stage>, and it is ${JSON.stringify(withoutSecrets(url))}.`)
}

/** A text without the password and the query of a URL in it, which may be a token. */
export const withoutSecrets = (text: unknown): string =>
  String(text)
    .replace(/\/\/[^\s/?#]*@/g, '//…@')
    .replace(/\?[^\s#]*/g, '?…')
