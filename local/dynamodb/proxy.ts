import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Platform } from '../cloudwatch/platform.ts'
import { killSide } from '../faults/call-failure.ts'
import type { Faults } from '../faults/faults.ts'
import { awsError, bodyOf, respond } from '../http-response.ts'
import { accessesOf } from '../iam/access.ts'
import { denialMessage, operationOf, targets } from '../iam/calls.ts'
import type { Caller, Callers } from '../iam/identities.ts'
import { isObject, object, parse, text } from '../json.ts'
import type { Request } from '../streams/capture.ts'
import type { DatabaseUsage, Usage } from '../usage.ts'
import type { DynamoResponse } from './forward.ts'

export interface ProxyOptions {
  callers: Callers
  faults: Faults
  usage: Usage
  platform: Platform
  log: (line: string) => void
  /** Sends a request to the database. */
  execute: (request: Request) => Promise<DynamoResponse>
}

const reads = /^(Get|Query|Scan|BatchGet|TransactGet)/
const metered = /^(Put|Update|Delete|Get|Batch(Get|Write)|Transact(Get|Write))Items?$|^Query$|^Scan$/
const [largePage, consumedName] = [512, '"ConsumedCapacity":']
const unavailable = awsError(500, 'InternalServerError', 'The request could not be completed.')

/** Checks each request as IAM does, injects faults, records the usage and forwards the request to the database. */
export function databaseProxy({ callers, faults, usage, platform, log, execute }: ProxyOptions) {
  const isDynamoDb = targets('DynamoDB_20120810')

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await bodyOf(request)).toString()
    const caller = callers.find(request.headers.authorization)
    if (!caller) {
      const message = 'The security token included in the request is invalid.'
      return respond(response, awsError(400, 'UnrecognizedClientException', message))
    }
    const operation = operationOf(request)
    const input = object(parse(body))
    const accesses = accessesOf(operation, input)
    const tables = [...new Set(accesses.map(({ table }) => table))]
    const index = text(input.IndexName) || undefined
    const records = tables.map((table) => usage.database(caller.function, operation, table))
    const throttled = tables.filter((table) => faults.happens('throttleTable', table))
    const published = ({ status, body }: { status: number; body: Buffer | string }) =>
      platform.database({ operation, tables: throttled.length > 0 ? throttled : tables, index, status, body })
    for (const record of records) record.calls++
    const error = errorBefore(caller, accesses, throttled)
    if (error) {
      for (const record of records) record.errors++
      published(error)
      return respond(response, error)
    }
    const side = killSide(faults, caller)
    const end = () => {
      caller.kill()
      response.destroy()
    }
    if (side === 'before') return end()
    const isRequested = input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== 'NONE'
    const sent = isRequested || !metered.test(operation) ? { input, body } : withCapacity(body, input)
    const target = String(request.headers['x-amz-target'])
    const reply = await execute({ operation, target, ...sent }).catch((error: Error) => {
      log(`dynamodb: ${error.message}`)
      return unavailable
    })
    recordUsage(caller, operation, records, reply)
    if (side === 'after') return end()
    const answer = faults.happens('failCallAfter') ? unavailable : toHttpResponse(reply)
    published(answer)
    respond(response, answer)
  }

  function errorBefore(caller: Caller, accesses: ReturnType<typeof accessesOf>, throttled: string[]) {
    const denied = accesses.find(({ action, resource }) => !caller.allows(action, resource))
    if (denied) {
      const message = denialMessage(caller, denied.action, denied.resource)
      log(`dynamodb: ${message}`)
      return awsError(400, 'AccessDeniedException', message)
    }
    if (throttled.length > 0) {
      const message = 'The level of configured provisioned throughput was exceeded.'
      return awsError(400, 'ProvisionedThroughputExceededException', message)
    }
    return faults.happens('failCallBefore') ? unavailable : undefined
  }

  function recordUsage(
    caller: Caller,
    operation: string,
    records: DatabaseUsage[],
    reply: { status: number; body: Buffer | string },
  ) {
    if (reply.status !== 200) for (const record of records) record.errors++
    if (reply.status !== 200 || !metered.test(operation)) return
    const consumed = consumedOf(reply.body)
    const field = reads.test(operation) ? 'readUnits' : 'writeUnits'
    for (const capacity of [consumed].flat().filter(isObject)) {
      const [table, units] = [text(capacity.TableName), Number(capacity.CapacityUnits ?? 0)]
      usage.database(caller.function, operation, table)[field] += units
      platform.consumed(table, field === 'readUnits' ? 'Read' : 'Write', units)
    }
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!isDynamoDb(request)) return false
    handle(request, response).catch((error) => {
      log(`dynamodb: ${error}`)
      response.destroy()
    })
    return true
  }
}

const toHttpResponse = ({ status, body, ...more }: { status: number; body: Buffer | string; crc?: string }) => ({
  status,
  body,
  ...(more.crc !== undefined && { headers: { 'x-amz-crc32': more.crc } }),
})

/**
 * Reads the consumed capacity of a response. In a large page it looks near the end only, to spare the parsing of the
 * whole page; it parses the page if what it finds may be part of an item.
 */
function consumedOf(body: Buffer | string): unknown {
  const at = body.length > largePage ? body.lastIndexOf(consumedName) : -1
  const found = /^(\{[^{}]*\}|\[[^[\]]*\])/.exec(at < 0 ? '' : String(body.slice(at + consumedName.length, at + 1000)))
  const consumed = parse(found?.[1] ?? '')
  const isCapacity = [consumed].flat().every((capacity) => isObject(capacity) && 'TableName' in capacity)
  return isCapacity ? consumed : object(parse(String(body))).ConsumedCapacity
}

/** Adds the request for the consumed capacity to the body, without serializing all of it again where possible. */
function withCapacity(body: string, input: ReturnType<typeof object>) {
  const all = { ...input, ReturnConsumedCapacity: 'TOTAL' }
  if ('ReturnConsumedCapacity' in input) return { input: all, body: JSON.stringify(all) }
  return { input: all, body: body.replace('{', '{"ReturnConsumedCapacity":"TOTAL",') }
}
