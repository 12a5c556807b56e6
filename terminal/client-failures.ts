import { ChatError, ConnectionError } from '../client/index.ts'
import { Failure, reasonOf } from './command/failure.ts'

/** Throws errors of the client as a Failure with their code, and every other error as it is. */
export function throwAsFailure(error: unknown): never {
  throw error instanceof ChatError || error instanceof ConnectionError ? new Failure(error.message, error.code) : error
}

/** The failure of a connection as one sentence, with the code of the client. */
export function connectionFailure(url: string, error: unknown): Failure {
  if (error instanceof Failure) return error
  if (!(error instanceof ConnectionError)) return new Failure(reasonOf(error))
  const { code, cause } = error
  if (cause instanceof Failure) return cause
  return new Failure(sentence(code, url, reasonOf(cause ?? error).replace(/\.$/, '')), code)
}

/** The error that a token callback throws for a Failure: the code decides whether the client tries again. */
export function asConnectionError(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  return new ConnectionError(error.message, error.code === 'unreachable' ? 'unreachable' : 'unauthorized', {
    cause: error,
  })
}

function sentence(code: string, url: string, reason: string): string {
  const status = /response: (\d+)$/.exec(reason)?.[1]
  if (code === 'replaced') return `Another connection of this user has replaced this one at ${url}.`
  if (code === 'suspended') return `An administrator has suspended this user at ${url}.`
  if (code === 'unauthorized') {
    if (status === undefined) return `CHAT_TOKEN is no token (${reason}).`
    return `${url} refuses the token (${status}). Set CHAT_TOKEN to a valid token that has not expired.`
  }
  if (code !== 'misconfigured') return status === undefined ? reason : `the server answers ${status}`
  if (status === '403')
    return `${url} refuses the connection (403): the user is suspended, or the path of --url is wrong.`
  return `No chat answers at ${url} (${status ?? reason}). Correct --url.`
}
