import type { IncomingMessage } from 'node:http'
import { pattern } from '../iam/grants.ts'
import { entries, isObject, object, parse, text } from '../json.ts'
import type { Authorizer } from '../template/api.ts'
import { listOf } from '../template/load.ts'
import type { Connection, Gateway } from './connections.ts'
import { authorizerEvent, hasIdentitySources } from './events.ts'

const integrationTimeoutMs = 29_000
const resultLimit = 8 * 1024

/** Invokes the authorizer without a cache. Returns 0 if it allows the connection, else a status code. */
export async function authorize(
  gateway: Gateway,
  authorizer: Authorizer,
  connection: Connection,
  request: IncomingMessage,
): Promise<number> {
  if (!hasIdentitySources(authorizer, gateway, request)) return 401
  const event = authorizerEvent(gateway, connection, request)
  const { clock } = gateway
  const began = clock.now()
  const outcome = await Promise.race([
    gateway.invoke(authorizer.arn, event),
    new Promise<undefined>((resolve) => clock.after(integrationTimeoutMs, () => resolve(undefined))),
  ])
  if (!outcome) return 500
  // API Gateway answers 401 for this error message and 500 for all others.
  if ('error' in outcome) return outcome.error.errorMessage === 'Unauthorized' ? 401 : 500
  const result = parse(outcome.payload)
  if (!isObject(result) || outcome.payload.length > resultLimit || !text(result.principalId)) return 500
  const context = entries(result.context)
  if (!isObject(result.policyDocument) || context.some(([, value]) => typeof value === 'object')) return 500
  if (!permits(result.policyDocument, event.methodArn)) return 403
  connection.authorizer = {
    // API Gateway passes numbers and booleans of the context to functions as strings.
    ...Object.fromEntries(context.map(([name, value]) => [name, String(value)])),
    principalId: text(result.principalId),
    integrationLatency: clock.now() - began,
  }
  return 0
}

function permits(policy: unknown, methodArn: string): boolean {
  const statements = listOf([object(policy).Statement].flat())
  const effects = statements
    .filter(
      (statement) => matches(statement.Action, 'execute-api:Invoke', 'i') && matches(statement.Resource, methodArn),
    )
    .map((statement) => statement.Effect)
  return effects.includes('Allow') && !effects.includes('Deny')
}

const matches = (patterns: unknown, value: string, flags = '') =>
  [patterns].flat().some((item) => pattern(text(item), flags).test(value))
