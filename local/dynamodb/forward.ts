import { Agent, request } from 'node:http'

export interface DynamoResponse {
  status: number
  body: Buffer
  crc?: string
}

/** Sends a request to the database. */
export type Send = (target: string, body: string) => Promise<DynamoResponse>

/** The same access key for all requests, because DynamoDB Local keeps a separate store for each access key. */
export const signed = {
  'content-type': 'application/x-amz-json-1.0',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=local',
  'x-amz-date': '20260101T000000Z',
}

/** Sends requests to the database at `endpoint` over connections that are kept open. */
export function databaseAt(endpoint: string): { send: Send; stop: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const { hostname, port, protocol } = new URL(endpoint)
  return {
    send: (target, body) =>
      new Promise((resolve, reject) => {
        const headers = { ...signed, 'content-length': Buffer.byteLength(body), 'x-amz-target': target }
        const outgoing = request({ method: 'POST', protocol, hostname, port, agent, headers }, (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
          incoming.on('end', () => {
            const crc = incoming.headers['x-amz-crc32']
            resolve({
              status: incoming.statusCode ?? 500,
              body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
              ...(typeof crc === 'string' && { crc }),
            })
          })
        })
        outgoing.on('error', reject)
        outgoing.end(body)
      }),
    stop: () => agent.destroy(),
  }
}
