import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from './faults/faults.ts'
import type { Usage } from './usage.ts'

export interface Inspected {
  url: string
  usage: Usage
  faults: Faults
  /** The template's outputs by name. */
  outputs: Record<string, string>
}

/** What the runner tells about itself: where the API is, what came out of the template, what was used, which faults are on. */
export function inspection({ url, usage, faults, outputs }: Inspected) {
  const tell = (response: ServerResponse, value: unknown) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    switch (`${request.method} ${request.url}`) {
      case 'GET /':
        response.writeHead(200, { 'content-type': 'text/plain' }).end(`WebSocket: ${url}\n`)
        return true
      case 'GET /_local/usage':
        tell(response, usage.read())
        return true
      case 'GET /_local/outputs':
        tell(response, outputs)
        return true
      case 'DELETE /_local/usage':
        usage.reset()
        response.writeHead(204).end()
        return true
      case 'GET /_local/faults':
        tell(response, { kills: faults.kills })
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
