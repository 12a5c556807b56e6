import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from './faults.ts'
import type { Usage } from './usage.ts'

/** What the runner tells about itself: where the API is, what was used, which faults are on. */
export function inspection({ url, usage, faults }: { url: string; usage: Usage; faults: Faults }) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    switch (`${request.method} ${request.url}`) {
      case 'GET /':
        response.writeHead(200, { 'content-type': 'text/plain' }).end(`WebSocket: ${url}\n`)
        return true
      case 'GET /_local/usage':
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(usage.read()))
        return true
      case 'DELETE /_local/usage':
        usage.reset()
        response.writeHead(204).end()
        return true
      case 'PUT /_local/faults':
        setFaults(request, response, faults)
        return true
    }
    return false
  }
}

function setFaults(request: IncomingMessage, response: ServerResponse, faults: Faults): void {
  let spec = ''
  request.setEncoding('utf8').on('data', (chunk) => (spec += chunk))
  request.on('end', () => {
    try {
      faults.set(spec)
      response.writeHead(204).end()
    } catch (error) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(`${error}\n`)
    }
  })
}
