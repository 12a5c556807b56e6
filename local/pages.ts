import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLoopbackHost, isLoopbackOrigin, type Origins } from './origins.ts'

export interface PageOptions {
  /** The origins of the run itself. */
  own: readonly string[]
  /** Other origins whose pages may use the run. */
  origins: Origins
  log: (line: string) => void
}

export interface PageAccess {
  /** Answers a request that is refused and a preflight request; returns true for these. */
  guard(request: IncomingMessage, response: ServerResponse): boolean
  /** Replaces an allowed origin by that of the run: the template lists exact origins and cannot list every port. */
  withOwnOrigin(request: IncomingMessage): IncomingMessage
}

const loopbackAddress = /^(::ffff:)?127\.|^::1$/

/**
 * Decides which pages may use the run over HTTP. The run signs a token for any user, so it answers only requests from
 * this machine and under a loopback name: a page on the Internet that points its own name at 127.0.0.1 gets no token.
 */
export function pageAccess({ own, origins, log }: PageOptions): PageAccess {
  const exact = new Set([...own, ...origins.listed])
  const admits = (origin: string) => exact.has(origin) || (origins.thisMachine && isLoopbackOrigin(origin))
  const refused = new Set<string>()

  function guard(request: IncomingMessage, response: ServerResponse): boolean {
    const { host = '', origin } = request.headers
    if (!isLoopbackHost(host) || !loopbackAddress.test(request.socket.remoteAddress ?? '')) {
      return refuse(response, `This run serves only its own machine, at ${own.join(' or ')}.`)
    }
    response.setHeader('vary', 'Origin')
    if (origin === undefined) return false
    if (!admits(origin)) {
      const reason = `The page ${JSON.stringify(origin)} may not use this run. ORIGINS names the pages that may.`
      if (!refused.has(origin)) log(reason)
      refused.add(origin)
      return refuse(response, reason)
    }
    response.setHeader('access-control-allow-origin', origin)
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
    })
    response.end()
    return true
  }

  function withOwnOrigin(request: IncomingMessage): IncomingMessage {
    const { origin } = request.headers
    const [self = ''] = own
    if (origin !== undefined && !exact.has(origin) && admits(origin)) {
      request.headers.origin = self
      request.rawHeaders = request.rawHeaders.map((text, at) => {
        return at % 2 === 1 && /^origin$/i.test(request.rawHeaders[at - 1] ?? '') ? self : text
      })
    }
    return request
  }

  return { guard, withOwnOrigin }
}

function refuse(response: ServerResponse, reason: string): boolean {
  response.writeHead(403, { 'content-type': 'text/plain' }).end(`${reason}\n`)
  return true
}
