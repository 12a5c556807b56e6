import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { awsError, type HttpResponse } from '../http-response.ts'
import type { Call } from '../iam/calls.ts'
import { parse } from '../json.ts'
import type { LambdaFunction } from '../template/functions.ts'
import type { AsyncInvocations } from './async-invocations.ts'
import type { Functions } from './functions.ts'

const path = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/

/** The maximum bytes of a payload, by invocation type. */
const limits = { Event: 1024 * 1024, RequestResponse: 6 * 1024 * 1024, DryRun: 6 * 1024 * 1024 }

type InvocationType = keyof typeof limits
const isInvocationType = (type: unknown): type is InvocationType =>
  typeof type === 'string' && Object.hasOwn(limits, type)

/** Serves `POST /2015-03-31/functions/{name or ARN}/invocations`. */
export const functionApi = (functions: Functions, events: AsyncInvocations) => ({
  takes: (request: IncomingMessage) => request.method === 'POST' && path.test(request.url ?? ''),
  api(request: IncomingMessage, body: Buffer): Call {
    const name = decodeURIComponent(path.exec(request.url ?? '')?.[1] ?? '')
    const fn = functions.find(name)
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
    return {
      action: 'lambda:InvokeFunction',
      resource: fn?.arn ?? name,
      counted: `lambda:Invoke${type === 'Event' ? 'Event' : ''}`,
      run: () => (fn ? invoke(functions, events, fn, type, body.toString()) : noFunction(name)),
    }
  },
})

const noFunction = (name: string) =>
  awsError(404, 'ResourceNotFoundException', `Function not found: ${name}`, { Type: 'User' })

async function invoke(
  functions: Functions,
  events: AsyncInvocations,
  { arn }: LambdaFunction,
  type: unknown,
  text: string,
): Promise<HttpResponse> {
  if (!isInvocationType(type))
    return awsError(400, 'InvalidParameterValueException', `There is no invocation type ${type}.`)
  const payload = text || '{}'
  if (Buffer.byteLength(payload) > limits[type]) {
    const message = `Request must be smaller than ${limits[type]} bytes for the InvokeFunction operation`
    return awsError(413, 'RequestTooLargeException', message, { Type: 'User' })
  }
  if (parse(payload) === undefined) {
    return awsError(400, 'InvalidRequestContentException', 'Could not parse request body into json', { Type: 'User' })
  }
  if (type === 'DryRun') return { status: 204, body: '' }
  if (type === 'Event') {
    return { status: 202, body: '', headers: { 'x-amzn-RequestId': events.accept(arn, payload) } }
  }
  const requestId = randomUUID()
  const outcome = await functions.invoke(arn, payload, requestId)
  if (outcome.throttled) {
    return awsError(429, 'TooManyRequestsException', 'Rate Exceeded.', {
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
