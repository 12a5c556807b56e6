import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from './faults/faults.ts'
import type { Usage } from './usage.ts'

export interface InspectionOptions {
  url: string
  usage: Usage
  faults: Faults
  /** Outputs of the template, by name. */
  outputs: Record<string, string>
}

/** Serves the address of the API, the outputs of the template, the usage and the kills; sets the faults. */
export function inspection({ url, usage, faults, outputs }: InspectionOptions) {
  const sendJson = (response: ServerResponse, value: unknown) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    switch (`${request.method} ${request.url}`) {
      case 'GET /':
        response.writeHead(200, { 'content-type': 'text/plain' }).end(`WebSocket: ${url}\n`)
        return true
      case 'GET /_local/usage':
        sendJson(response, usage.read())
        return true
      case 'GET /_local/outputs':
        sendJson(response, outputs)
        return true
      case 'DELETE /_local/usage':
        usage.reset()
        response.writeHead(204).end()
        return true
      case 'GET /_local/faults':
        sendJson(response, { kills: faults.kills })
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
