import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Answer, refusal } from '../answers.ts'
import type { Call } from '../iam/calls.ts'
import { parse } from '../json.ts'
import type { LambdaFunction } from '../template/functions.ts'
import type { Asynchronous } from './asynchronous.ts'
import type { Functions } from './functions.ts'

const path = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/

/** The largest payloads that Lambda takes, by the type of the invocation. */
const limits = { Event: 1024 * 1024, RequestResponse: 6 * 1024 * 1024, DryRun: 6 * 1024 * 1024 }

type Kind = keyof typeof limits
const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && Object.hasOwn(limits, kind)

/** `POST /2015-03-31/functions/{name or ARN}/invocations` */
export const functionApi = (functions: Functions, events: Asynchronous) => ({
  takes: (request: IncomingMessage) => request.method === 'POST' && path.test(request.url ?? ''),
  api(request: IncomingMessage, body: Buffer): Call {
    const name = decodeURIComponent(path.exec(request.url ?? '')?.[1] ?? '')
    const fn = functions.find(name)
    const kind = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
    return {
      action: 'lambda:InvokeFunction',
      resource: fn?.arn ?? name,
      counted: `lambda:Invoke${kind === 'Event' ? 'Event' : ''}`,
      run: () => (fn ? invoke(functions, events, fn, kind, body.toString()) : noFunction(name)),
    }
  },
})

const noFunction = (name: string) =>
  refusal(404, 'ResourceNotFoundException', `Function not found: ${name}`, { Type: 'User' })

async function invoke(
  functions: Functions,
  events: Asynchronous,
  { arn }: LambdaFunction,
  kind: unknown,
  given: string,
): Promise<Answer> {
  if (!isKind(kind)) return refusal(400, 'InvalidParameterValueException', `There is no invocation type ${kind}.`)
  const payload = given || '{}'
  if (Buffer.byteLength(payload) > limits[kind]) {
    const message = `Request must be smaller than ${limits[kind]} bytes for the InvokeFunction operation`
    return refusal(413, 'RequestTooLargeException', message, { Type: 'User' })
  }
  if (parse(payload) === undefined) {
    return refusal(400, 'InvalidRequestContentException', 'Could not parse request body into json', { Type: 'User' })
  }
  if (kind === 'DryRun') return { status: 204, body: '' }
  if (kind === 'Event') {
    return { status: 202, body: '', headers: { 'x-amzn-RequestId': events.accept(arn, payload) } }
  }
  const requestId = randomUUID()
  const outcome = await functions.invoke(arn, payload, requestId)
  if (outcome.throttled) {
    return refusal(429, 'TooManyRequestsException', 'Rate Exceeded.', {
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
    })
  }
  return {
    status: 200,
    body: outcome.error ? JSON.stringify(outcome.error) : outcome.payload,
    headers: {
      'content-type': 'application/json',
      'x-amzn-RequestId': requestId,
      'x-amz-executed-version': '$LATEST',
      ...(outcome.error && { 'x-amz-function-error': 'Unhandled' }),
    },
  }
}
