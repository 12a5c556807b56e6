import WebSocket from 'ws'
import type { WebSocketConstructor } from '../client/index.ts'
import { codeOf, Failure, reasonOf } from '../commands/failure.ts'

/** What waiting does not mend. */
const hopeless: ReadonlySet<string> = new Set(['unauthorized', 'misconfigured', 'replaced'])

export const isHopeless = (failure: Failure): boolean => hopeless.has(failure.code)

/** Sockets that remember why the last handshake failed, which the standard's WebSocket never tells. */
export function rememberingSockets(): { webSocket: WebSocketConstructor; cause(): Error | undefined } {
  let last: Error | undefined
  class Remembering extends WebSocket {
    constructor(url: string, protocols: string[]) {
      last = undefined
      super(url, protocols)
      this.on('error', (error) => {
        last = error
      })
    }
  }
  return { webSocket: Remembering, cause: () => last }
}

/** What went wrong with a connection, in a sentence, with one of the codes of the client. */
export function refusalOf(url: string, error: unknown, remembered: Error | undefined): Failure {
  if (error instanceof Failure) return error
  const cause = (error instanceof Error ? error.cause : undefined) ?? remembered ?? error
  const status = Number(/^Unexpected server response: (\d+)$/.exec(reasonOf(cause))?.[1] ?? Number.NaN)
  const code = codeOf(error)
  const known = code !== undefined && (hopeless.has(code) || code === 'unreachable') ? code : codeFor(status, cause)
  return new Failure(sentence(known, url, Number.isNaN(status) ? reasonOf(cause) : String(status)), known)
}

function codeFor(status: number, cause: unknown): string {
  // The token is no word that a header can carry.
  if (cause instanceof SyntaxError && cause.message.includes('subprotocol')) return 'unauthorized'
  if (status === 401 || status === 403) return 'unauthorized'
  return status < 500 && status !== 408 && status !== 429 ? 'misconfigured' : 'unreachable'
}

function sentence(code: string, url: string, why: string): string {
  const reason = why.replace(/\.$/, '')
  if (code === 'replaced') return `Another connection of this user has taken the place of this one at ${url}.`
  if (code === 'misconfigured') return `No chat answers at ${url} (${reason}). Correct --url.`
  if (code !== 'unauthorized') return /^\d+$/.test(reason) ? `the server answers ${reason}` : reason
  if (reason.includes('subprotocol')) return 'CHAT_TOKEN holds characters that no token has.'
  if (reason === '403') return `${url} refuses the connection (403): the path of --url or CHAT_TOKEN is wrong.`
  return `${url} refuses the token (${reason}). Set CHAT_TOKEN to a valid token that has not expired.`
}
