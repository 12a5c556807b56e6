import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, bodyOf, refusal, respond } from '../answers.ts'
import { sideOfDeath } from '../faults/call-failure.ts'
import type { Faults } from '../faults/faults.ts'
import type { Usage } from '../usage.ts'
import type { Caller, Callers } from './identities.ts'

/** One call of AWS: what IAM is asked about it, and what it does. */
export interface Call {
  /** As in `sqs:SendMessage`. */
  action: string
  resource: string
  /** What it counts as in usage, where that is not the action. */
  counted?: string
  run(caller: Caller): Answer | Promise<Answer>
}

/** The call that a request makes; undefined when it is meant for another. */
export type Api = (request: IncomingMessage, body: Buffer) => Call | undefined

export interface Calls {
  callers: Callers
  faults: Faults
  usage: Usage
  log: (line: string) => void
  apis: { takes: (request: IncomingMessage) => boolean; api: Api }[]
}

/** Answers the calls of AWS that this machine takes itself: true when the request was one. */
export function awsCalls({ callers, faults, usage, log, apis }: Calls) {
  async function answer(request: IncomingMessage, response: ServerResponse, api: Api): Promise<void> {
    const caller = callers.find(request.headers.authorization)
    const call = api(request, await bodyOf(request))
    if (!caller) {
      const message = 'The security token included in the request is invalid.'
      return respond(response, refusal(403, 'UnrecognizedClientException', message))
    }
    if (!call) return respond(response, refusal(400, 'UnknownOperationException', 'The local run does not know it.'))
    const side = sideOfDeath(faults, caller)
    const result = side === 'before' ? undefined : await carryOut(caller, call)
    if (side === undefined && result) return respond(response, result)
    caller.kill()
    response.destroy()
  }

  async function carryOut(caller: Caller, call: Call): Promise<Answer> {
    const { action, resource } = call
    const allowed = caller.allows(action, resource)
    const result = allowed ? await call.run(caller) : denial(caller, action, resource)
    if (!allowed) log(`${action}: ${caller.principal} may not on ${resource}`)
    usage.call(caller.function, call.counted ?? action, result.error ?? 'done')
    return result
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const taking = apis.find(({ takes }) => takes(request))
    if (!taking) return false
    answer(request, response, taking.api).catch((error) => {
      log(`${request.headers['x-amz-target'] ?? request.url}: ${error}`)
      response.destroy()
    })
    return true
  }
}

export const denialMessage = ({ principal }: Caller, action: string, resource: string) =>
  `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`

const denial = (caller: Caller, action: string, resource: string) =>
  refusal(403, 'AccessDeniedException', denialMessage(caller, action, resource))

/** Whether a request is one of the service whose targets begin with `prefix`. */
export const targets = (prefix: string) => (request: IncomingMessage) =>
  String(request.headers['x-amz-target']).startsWith(`${prefix}.`)

export const operationOf = (request: IncomingMessage) => {
  const target = String(request.headers['x-amz-target'])
  return target.slice(target.indexOf('.') + 1)
}
