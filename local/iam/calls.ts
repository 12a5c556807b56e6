import type { IncomingMessage, ServerResponse } from 'node:http'
import { killSide } from '../faults/call-failure.ts'
import type { Faults } from '../faults/faults.ts'
import { awsError, bodyOf, type HttpResponse, respond } from '../http-response.ts'
import type { Usage } from '../usage.ts'
import type { Caller, Callers } from './identities.ts'

/** A call of AWS: the permission that it needs, and the function that executes it. */
export interface Call {
  /** For example `sqs:SendMessage`. */
  action: string
  resource: string
  /** The action under which usage counts it, if that differs. */
  counted?: string
  run(caller: Caller): HttpResponse | Promise<HttpResponse>
}

/** Reads the call of a request; undefined for an unknown operation. */
export type Api = (request: IncomingMessage, body: Buffer) => Call | undefined

export interface CallsOptions {
  callers: Callers
  faults: Faults
  usage: Usage
  log: (line: string) => void
  apis: { takes: (request: IncomingMessage) => boolean; api: Api }[]
}

/** Answers calls of the AWS services that the local run implements. Returns false for any other request. */
export function awsCalls({ callers, faults, usage, log, apis }: CallsOptions) {
  async function handle(request: IncomingMessage, response: ServerResponse, api: Api): Promise<void> {
    const caller = callers.find(request.headers.authorization)
    const call = api(request, await bodyOf(request))
    if (!caller) {
      const message = 'The security token included in the request is invalid.'
      return respond(response, awsError(403, 'UnrecognizedClientException', message))
    }
    if (!call) return respond(response, awsError(400, 'UnknownOperationException', 'The local run does not know it.'))
    const side = killSide(faults, caller)
    const result = side === 'before' ? undefined : await execute(caller, call)
    if (side === undefined && result) return respond(response, result)
    caller.kill()
    response.destroy()
  }

  async function execute(caller: Caller, call: Call): Promise<HttpResponse> {
    const { action, resource } = call
    const allowed = caller.allows(action, resource)
    const result = allowed ? await call.run(caller) : denial(caller, action, resource)
    if (!allowed) log(`${action}: ${caller.principal} may not on ${resource}`)
    usage.call(caller.function, call.counted ?? action, result.error ?? 'done')
    return result
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const service = apis.find(({ takes }) => takes(request))
    if (!service) return false
    handle(request, response, service.api).catch((error) => {
      log(`${request.headers['x-amz-target'] ?? request.url}: ${error}`)
      response.destroy()
    })
    return true
  }
}

export const denialMessage = ({ principal }: Caller, action: string, resource: string) =>
  `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`

const denial = (caller: Caller, action: string, resource: string) =>
  awsError(403, 'AccessDeniedException', denialMessage(caller, action, resource))

/** Whether a request is for the service whose targets begin with `prefix`. */
export const targets = (prefix: string) => (request: IncomingMessage) =>
  String(request.headers['x-amz-target']).startsWith(`${prefix}.`)

export const operationOf = (request: IncomingMessage) => {
  const target = String(request.headers['x-amz-target'])
  return target.slice(target.indexOf('.') + 1)
}
