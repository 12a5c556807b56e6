import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { databaseAt } from '../../../local/dynamodb/forward.ts'
import { listen } from '../../../local/listen.ts'

type Fields = Record<string, unknown>

/** A reply of DynamoDB. */
export interface Reply {
  status: number
  body: Fields
}

export type Answer = (operation: string, input: Fields) => Promise<Reply | undefined>

export interface Forwarding {
  endpoint: string
  /** Asks the database itself. */
  ask(operation: string, input: Fields): Promise<Reply>
  stop(): void
}

export const refused = (name: string, message: string): Reply => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message },
})

/** Stands in front of a database. It hands on each request for which `answer` has no reply; `before` may hold it up. */
export async function forwarding(
  database: string,
  answer: Answer,
  before: (operation: string) => Promise<unknown> | unknown = () => undefined,
): Promise<Forwarding> {
  const { send, stop } = databaseAt(database)
  const ask = async (operation: string, input: Fields): Promise<Reply> => {
    const { status, body } = await send(`DynamoDB_20120810.${operation}`, JSON.stringify(input))
    return { status, body: JSON.parse(body.toString()) }
  }
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '')
    const input: Fields = JSON.parse(Buffer.concat(chunks).toString())
    await before(operation)
    const { status, body } = (await answer(operation, input)) ?? (await ask(operation, input))
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  const port = await listen(server, 0)
  return {
    endpoint: `http://127.0.0.1:${port}`,
    ask,
    stop() {
      stop()
      server.close()
      server.closeAllConnections()
    },
  }
}
