import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a call of AWS is answered with. */
export interface Answer {
  status: number
  body: string | Buffer
  /** Name of the error, in a header and in the body: the protocols look in either place. */
  error?: string
  headers?: Record<string, string>
}

export const success = (value: unknown, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  headers,
})

export const refusal = (status: number, error: string, message: string, more: object = {}): Answer => ({
  status,
  error,
  body: JSON.stringify({ __type: error, message, Message: message, ...more }),
})

export function respond(response: ServerResponse, { status, body, error, headers }: Answer): void {
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      ...(error !== undefined && { 'x-amzn-ErrorType': error }),
      ...headers,
    })
    .end(body)
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
  })
}
