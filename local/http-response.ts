import type { IncomingMessage, ServerResponse } from 'node:http'

/** The response to a call of an AWS API. */
export interface HttpResponse {
  status: number
  body: string | Buffer
  /** Name of the error. It is sent in a header and in the body, because AWS clients read one or the other. */
  error?: string
  headers?: Record<string, string>
}

export const success = (value: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status: 200,
  body: JSON.stringify(value),
  headers,
})

export const awsError = (status: number, error: string, message: string, more: object = {}): HttpResponse => ({
  status,
  error,
  body: JSON.stringify({ __type: error, message, Message: message, ...more }),
})

export function respond(response: ServerResponse, { status, body, error, headers }: HttpResponse): void {
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
