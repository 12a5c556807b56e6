import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyOf, refusal, respond } from '../answers.ts'
import { sideOfDeath } from '../faults/call-failure.ts'
import type { Faults } from '../faults/faults.ts'
import { accessesOf } from '../iam/access.ts'
import { denialMessage, operationOf, targets } from '../iam/calls.ts'
import type { Caller, Callers } from '../iam/identities.ts'
import { isObject, object, parse, text } from '../json.ts'
import type { Request } from '../streams/capture.ts'
import type { DatabaseUsage, Usage } from '../usage.ts'
import type { Reply } from './forward.ts'

export interface ProxyOptions {
  callers: Callers
  faults: Faults
  usage: Usage
  log: (line: string) => void
  /** Lets a request through to the database. */
  carry: (request: Request) => Promise<Reply>
}

const reads = /^(Get|Query|Scan|BatchGet|TransactGet)/
const metered = /^(Put|Update|Delete|Get|Batch(Get|Write)|Transact(Get|Write))Items?$|^Query$|^Scan$/
const [largePage, consumedName] = [512, '"ConsumedCapacity":']
const unavailable = refusal(500, 'InternalServerError', 'The request could not be completed.')

/** Stands before DynamoDB as IAM does: nothing passes that the caller's role does not allow. */
export function databaseProxy({ callers, faults, usage, log, carry }: ProxyOptions) {
  const isOurs = targets('DynamoDB_20120810')

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await bodyOf(request)).toString()
    const caller = callers.find(request.headers.authorization)
    if (!caller) {
      const message = 'The security token included in the request is invalid.'
      return respond(response, refusal(400, 'UnrecognizedClientException', message))
    }
    const operation = operationOf(request)
    const input = object(parse(body))
    const accesses = accessesOf(operation, input)
    const records = [...new Set(accesses.map(({ table }) => table))].map((table) =>
      usage.database(caller.function, operation, table),
    )
    for (const record of records) record.calls++
    const refused = refusedBefore(caller, accesses)
    if (refused) {
      for (const record of records) record.errors++
      return respond(response, refused)
    }
    const side = sideOfDeath(faults, caller)
    const end = () => {
      caller.kill()
      response.destroy()
    }
    if (side === 'before') return end()
    const asked = input.ReturnConsumedCapacity !== undefined && input.ReturnConsumedCapacity !== 'NONE'
    const sent = asked || !metered.test(operation) ? { input, body } : withCapacity(body, input)
    const target = String(request.headers['x-amz-target'])
    const reply = await carry({ operation, target, ...sent }).catch((error: Error) => {
      log(`dynamodb: ${error.message}`)
      return unavailable
    })
    account(caller, operation, records, reply)
    if (side === 'after') return end()
    respond(response, faults.strikes('failCallAfter') ? unavailable : answerOf(reply))
  }

  function refusedBefore(caller: Caller, accesses: ReturnType<typeof accessesOf>) {
    const denied = accesses.find(({ action, resource }) => !caller.allows(action, resource))
    if (denied) {
      const message = denialMessage(caller, denied.action, denied.resource)
      log(`dynamodb: ${message}`)
      return refusal(400, 'AccessDeniedException', message)
    }
    if (faults.strikes('throttleTable')) {
      const message = 'The level of configured provisioned throughput was exceeded.'
      return refusal(400, 'ProvisionedThroughputExceededException', message)
    }
    return faults.strikes('failCallBefore') ? unavailable : undefined
  }

  function account(
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
      usage.database(caller.function, operation, text(capacity.TableName))[field] += Number(capacity.CapacityUnits ?? 0)
    }
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!isOurs(request)) return false
    take(request, response).catch((error) => {
      log(`dynamodb: ${error}`)
      response.destroy()
    })
    return true
  }
}

const answerOf = ({ status, body, ...more }: { status: number; body: Buffer | string; crc?: string }) => ({
  status,
  body,
  ...(more.crc !== undefined && { headers: { 'x-amz-crc32': more.crc } }),
})

/** A page of a megabyte is not read for the few bytes that tell what it took, unless they cannot be told from an item. */
function consumedOf(body: Buffer | string): unknown {
  const at = body.length > largePage ? body.lastIndexOf(consumedName) : -1
  const found = /^(\{[^{}]*\}|\[[^[\]]*\])/.exec(at < 0 ? '' : String(body.slice(at + consumedName.length, at + 1000)))
  const consumed = parse(found?.[1] ?? '')
  const told = [consumed].flat().every((capacity) => isObject(capacity) && 'TableName' in capacity)
  return told ? consumed : object(parse(String(body))).ConsumedCapacity
}

/** Asks for the consumed capacity without writing the whole body anew. */
function withCapacity(body: string, input: ReturnType<typeof object>) {
  const all = { ...input, ReturnConsumedCapacity: 'TOTAL' }
  if ('ReturnConsumedCapacity' in input) return { input: all, body: JSON.stringify(all) }
  return { input: all, body: body.replace('{', '{"ReturnConsumedCapacity":"TOTAL",') }
}
