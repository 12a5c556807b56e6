import { Agent, createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Faults } from '../faults.ts'
import { isObject, object, parse, text } from '../json.ts'
import type { Caller } from '../lambda/functions.ts'
import type { Usage } from '../usage.ts'
import { accessesOf } from './access.ts'

/** What the database is told of the signer: DynamoDB Local keeps a store for each access key, so all are one. */
export const signed = {
  'content-type': 'application/x-amz-json-1.0',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=local',
  'x-amz-date': '20260101T000000Z',
}

export interface ProxyOptions {
  caller: (authorization: string | undefined) => Caller | undefined
  faults: Faults
  usage: Usage
  log: (line: string) => void
}

export interface Proxy {
  endpoint: string
  /** Where the requests go; set once the database runs. */
  target: string
  stop(): void
}

const reads = /^(Get|Query|Scan|BatchGet|TransactGet)/
const metered = /^(Put|Update|Delete|Get|Batch(Get|Write)|Transact(Get|Write))Items?$|^Query$|^Scan$/

/** Stands before DynamoDB as IAM does: nothing passes that the caller's role does not allow. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => take(request, response, Buffer.concat(chunks).toString()))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const proxy: Proxy = {
    endpoint: `http://127.0.0.1:${port}`,
    target: '',
    stop() {
      agent.destroy()
      server.close()
      server.closeAllConnections()
    },
  }

  function take(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { faults, log } = options
    const target = String(request.headers['x-amz-target'])
    const operation = target.slice(target.indexOf('.') + 1)
    const caller = options.caller(request.headers.authorization)
    if (!caller) {
      refuse(response, 400, 'UnrecognizedClientException', 'The security token included in the request is invalid.')
      return
    }
    const input = object(parse(body))
    const accesses = accessesOf(operation, input)
    const denied = accesses.find(({ action, resource }) => !caller.allows(action, resource))
    const records = [...new Set(accesses.map(({ table }) => table))].map((table) =>
      options.usage.database(caller.function, operation, table),
    )
    for (const record of records) record.calls++
    const fail = (status: number, type: string, message: string) => {
      for (const record of records) record.errors++
      refuse(response, status, type, message)
    }
    if (denied) {
      const message = `User: ${caller.principal} is not authorized to perform: ${denied.action} on resource: ${denied.resource} because no identity-based policy allows the ${denied.action} action`
      log(`dynamodb: ${message}`)
      fail(400, 'AccessDeniedException', message)
      return
    }
    if (faults.strikes('throttleTable')) {
      fail(
        400,
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput was exceeded.',
      )
      return
    }
    if (faults.strikes('failCallBefore')) {
      fail(500, 'InternalServerError', 'The request could not be completed.')
      return
    }
    const side = faults.strikes('killAtCall') ? faults.amount('killAtCall') : undefined
    if (side !== undefined && side < 0.5) {
      caller.kill()
      response.destroy()
      return
    }
    const asked = input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== 'NONE'
    const sent = asked || !metered.test(operation) ? body : withCapacity(body, input)
    const outgoing = forward(
      proxy.target,
      {
        method: 'POST',
        agent,
        headers: {
          ...signed,
          'content-length': Buffer.byteLength(sent),
          'x-amz-target': target,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('end', () => {
          const answer = Buffer.concat(chunks)
          const status = incoming.statusCode ?? 500
          if (status !== 200) for (const record of records) record.errors++
          else if (metered.test(operation)) meter(caller.function, operation, answer)
          if (side !== undefined) {
            caller.kill()
            response.destroy()
          } else if (faults.strikes('failCallAfter')) {
            refuse(response, 500, 'InternalServerError', 'The request could not be completed.')
          } else {
            const crc = incoming.headers['x-amz-crc32']
            response
              .writeHead(status, {
                'content-type': 'application/x-amz-json-1.0',
                'content-length': answer.length,
                ...(crc !== undefined && { 'x-amz-crc32': crc }),
              })
              .end(answer)
          }
        })
      },
    )
    outgoing.on('error', (error) => {
      if (!response.headersSent) fail(500, 'InternalServerError', error.message)
    })
    outgoing.end(sent)
  }

  function meter(caller: string, operation: string, answer: Buffer): void {
    const consumed = object(parse(answer.toString())).ConsumedCapacity
    const field = reads.test(operation) ? 'readUnits' : 'writeUnits'
    for (const capacity of [consumed].flat().filter(isObject)) {
      options.usage.database(caller, operation, text(capacity.TableName))[field] += Number(capacity.CapacityUnits ?? 0)
    }
  }

  return proxy
}

/** Asks for the consumed capacity without writing the whole body anew. */
function withCapacity(body: string, input: object): string {
  if ('ReturnConsumedCapacity' in input) return JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' })
  return body.replace('{', '{"ReturnConsumedCapacity":"TOTAL",')
}

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message, Message: message })
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': Buffer.byteLength(body) })
    .end(body)
}
