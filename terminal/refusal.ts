import { ConnectionError } from '../client/index.ts'
import { Failure, reasonOf } from './command/failure.ts'

/** What went wrong with a connection, in a sentence, with the code that the client gives it. */
export function refusalOf(url: string, error: unknown): Failure {
  if (error instanceof Failure) return error
  if (!(error instanceof ConnectionError)) return new Failure(reasonOf(error))
  const { code, cause } = error
  if (cause instanceof Failure) return cause
  return new Failure(sentence(code, url, reasonOf(cause ?? error).replace(/\.$/, '')), code)
}

/** A failure as the token callback of a client may throw it: the code says whether another try helps. */
export function asConnectionError(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  return new ConnectionError(error.message, error.code === 'unreachable' ? 'unreachable' : 'unauthorized', {
    cause: error,
  })
}

function sentence(code: string, url: string, reason: string): string {
  const status = /response: (\d+)$/.exec(reason)?.[1]
  if (code === 'replaced') return `Another connection of this user has taken the place of this one at ${url}.`
  if (code === 'unauthorized') {
    if (status === undefined) return `CHAT_TOKEN is no token (${reason}).`
    return `${url} refuses the token (${status}). Set CHAT_TOKEN to a valid token that has not expired.`
  }
  if (code !== 'misconfigured') return status === undefined ? reason : `the server answers ${status}`
  if (status === '403') return `${url} refuses the connection (403): the path of --url is wrong.`
  return `No chat answers at ${url} (${status ?? reason}). Correct --url.`
}
