import { ConnectionError, type ConnectionErrorCode } from './errors.ts'
import { claimsOf } from './token.ts'

/** The details of a failed handshake. Browsers give none; the package `ws` gives the HTTP status. */
export interface FailedHandshake {
  readonly status?: number
  readonly message?: string
  readonly cause?: unknown
}

/** Reads the `error` event of a WebSocket that did not open. */
export function failedHandshake(event: unknown): FailedHandshake {
  const { message = '', error } = (event ?? {}) as { message?: unknown; error?: unknown }
  const text = String(message)
  const status = /\bresponse: (\d{3})$/.exec(text)?.[1]
  return {
    ...(status !== undefined && { status: Number(status) }),
    ...(text !== '' && { message: text }),
    ...(error !== undefined && { cause: error }),
  }
}

/** Statuses below 500 after which another try may succeed. */
const retryableStatuses = [408, 410, 425, 429]

const errorWith = (code: ConnectionErrorCode) => (message: string, cause?: unknown) =>
  new ConnectionError(message, code, { cause })

export const unauthorized = errorWith('unauthorized')
export const misconfigured = errorWith('misconfigured')
export const unreachable = errorWith('unreachable')

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The error of a failed handshake; undefined if neither the platform nor the token shows a reason. */
export function handshakeError({ status, message, cause }: FailedHandshake, token: string, nowMs: number) {
  const details = cause ?? message
  const network = networkCode(cause)
  const hint = tokenFault(token, nowMs)
  if (status === 401) return unauthorized(`The server did not accept the token (401). ${hint}`.trim(), details)
  if (status === 403)
    return misconfigured(
      'Refused (403): the user is suspended, this Origin is not allowed, or the URL is wrong.',
      details,
    )
  if (status !== undefined) {
    const isWrong = status < 500 && !retryableStatuses.includes(status)
    if (isWrong) return misconfigured(`There is no chat at this URL: it answered ${status}.`, details)
    return unreachable(`The server answered ${status}.`, details)
  }
  if (message?.includes('subprotocol')) return misconfigured('The server does not speak chat.v1.', details)
  if (network !== undefined) return unreachable(`The connection could not be made: ${network}.`, details)
  return hint === '' ? undefined : unauthorized(`The token was refused. ${hint}`, details)
}

/** The code of a network error, such as ECONNREFUSED. */
function networkCode(cause: unknown): string | undefined {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? code : undefined
}

/** What is wrong with the token, as a sentence; empty if nothing is visible. */
function tokenFault(token: string, nowMs: number): string {
  const claims = claimsOf(token)
  if (!claims) return 'It is no JWT.'
  return (claims.exp ?? Number.POSITIVE_INFINITY) * 1000 <= nowMs ? 'It has expired.' : ''
}

/** The error of a handshake that a reachable server refused, if the platform gives no reason. */
export const refusedWithoutReason = (cause: unknown): ConnectionError =>
  unauthorized('The server refuses this token, or this page.', cause)

/** The error of a malformed URL. Platforms throw different ones. */
export function checkUrl(url: string): ConnectionError | undefined {
  if (typeof url === 'string' && /^wss?:\/\/[^/\s?#][^\s#]*$/i.test(url)) return undefined
  return misconfigured(`The URL must be wss://<host>/<stage>; it is ${JSON.stringify(withoutSecrets(url))}.`)
}

/** The text without passwords and queries of URLs, which may contain a token. */
export const withoutSecrets = (text: unknown): string =>
  String(text)
    .replace(/\/\/[^\s/?#]*@/g, '//…@')
    .replace(/\?[^\s#]*/g, '?…')
