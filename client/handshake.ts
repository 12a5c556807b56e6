import { ConnectionError, type ConnectionErrorCode } from './errors.ts'
import { claimsOf } from './token.ts'

/** The details of a failed handshake. Browsers give none; the package `ws` gives the HTTP status. */
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

/** Statuses below 500 after which another try may succeed. */
const passing = [408, 410, 425, 429]

const failing = (code: ConnectionErrorCode) => (why: string, cause?: unknown) =>
  new ConnectionError(why, code, { cause })

export const unauthorized = failing('unauthorized')
export const misconfigured = failing('misconfigured')
export const unreachable = failing('unreachable')

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * The error of a failed handshake, where the platform gives a reason, or where the token has expired or is no JWT;
 * undefined otherwise.
 */
export function errorOf({ status, message, cause }: FailedHandshake, token: string, nowMs: number) {
  const because = cause ?? message
  const network = networkCode(cause)
  const hint = faultOf(token, nowMs)
  if (status === 401) return unauthorized(`The server did not accept the token (401). ${hint}`.trim(), because)
  if (status === 403) return misconfigured('Refused (403): this Origin is not allowed, or the URL is wrong.', because)
  if (status !== undefined) {
    const isWrong = status < 500 && !passing.includes(status)
    if (isWrong) return misconfigured(`There is no chat at this URL: it answered ${status}.`, because)
    return unreachable(`The server answered ${status}.`, because)
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

/** The fault that the token itself shows, as a sentence; empty where there is none. */
function faultOf(token: string, nowMs: number): string {
  const claims = claimsOf(token)
  if (!claims) return 'It is no JWT.'
  return claims.exp !== undefined && claims.exp * 1000 <= nowMs ? 'It has expired.' : ''
}

/** The error of a handshake that a reachable server refused, where the platform gives no reason. */
export const refusedWithoutReason = (cause: unknown): ConnectionError =>
  unauthorized('The server refuses this token, or this page.', cause)

/** Checks the URL here, since platforms throw different errors. */
export function checkUrl(url: string): ConnectionError | undefined {
  if (typeof url === 'string' && /^wss?:\/\/[^/\s?#]+[^\s#]*$/i.test(url)) return undefined
  return misconfigured(`The URL must read wss://<host>/<stage>, and it is ${JSON.stringify(withoutSecrets(url))}.`)
}

/** A text without the password and the query of a URL in it, which may be a token. */
export const withoutSecrets = (text: unknown): string =>
  String(text)
    .replace(/\/\/[^\s/?#]*@/g, '//…@')
    .replace(/\?[^\s#]*/g, '?…')
