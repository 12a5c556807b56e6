import { hash } from 'node:crypto'
import { requestSigner, signingTime } from '../../lambdas/aws/sigv4.ts'
import { Failure, reasonOf } from '../command/failure.ts'
import type { Identity } from './identity.ts'
import { areUnknown, haveExpired } from './refused-credentials.ts'
import { textIn } from './xml.ts'

/** Requests to services of AWS in one account and region. They reject with an AwsError if the service refuses. */
export interface AwsCaller {
  readonly region: string
  /** A service with one address for all operations: the reply as JSON. */
  json(service: JsonService, operation: string, input: object): Promise<Record<string, unknown>>
  /** A service with XML replies: the reply as text. */
  query(service: QueryService, fields: Readonly<Record<string, string>>): Promise<string>
  /** A service with an address for each resource: the resource as JSON. */
  get(service: 'apigateway' | 'lambda', path: string): Promise<Record<string, unknown>>
}

const targets = {
  ssm: { prefix: 'AmazonSSM', version: '1.1' },
  'cognito-idp': { prefix: 'AWSCognitoIdentityProviderService', version: '1.1' },
  dynamodb: { prefix: 'DynamoDB_20120810', version: '1.0' },
} as const
export type JsonService = keyof typeof targets

const versions = { sts: '2011-06-15', cloudformation: '2010-05-15' } as const
export type QueryService = keyof typeof versions

/** A refusal of a service. `code` is the name that the service gives it. */
export class AwsError extends Failure {
  constructor(code: string, message: string) {
    super(message, code)
    this.name = 'AwsError'
  }
}

/** What to do about a refusal that any request may get. */
const advice: readonly (readonly [(code: string) => boolean, string])[] = [
  [haveExpired, 'Sign in again, as by "aws sso login".'],
  [areUnknown, 'The credentials are wrong: check AWS_PROFILE and the keys.'],
  [(code) => /AccessDenied|UnauthorizedOperation/.test(code), 'Use an identity that may do this.'],
]

interface Sent {
  service: string
  method: 'GET' | 'POST'
  path: string
  headers: Readonly<Record<string, string>>
  body: string
  /** What the request is for, in error messages. */
  operation: string
}

/** The caller of an identity. `AWS_ENDPOINT_URL` names another address for all services, as for every tool for AWS. */
export function awsCaller(
  { region, credentials }: Identity,
  {
    endpoint = process.env.AWS_ENDPOINT_URL,
    now = Date.now,
  }: { endpoint?: string | undefined; now?: () => number } = {},
): AwsCaller {
  async function send({ service, method, path, headers, body, operation }: Sent): Promise<string> {
    const origin = endpoint?.replace(/\/+$/, '') ?? `https://${service}.${region}.${suffixOf(region)}`
    const time = signingTime(now())
    const { sessionToken } = credentials
    const named = {
      ...headers,
      host: new URL(origin).host,
      'x-amz-date': time,
      ...(sessionToken && { 'x-amz-security-token': sessionToken }),
    }
    const signed = Object.fromEntries(Object.entries(named).sort(([one], [other]) => (one < other ? -1 : 1)))
    const { credential, signedHeaders, sign } = requestSigner(service)({
      region,
      credentials,
      time,
      headers: signed,
      payloadHash: hash('sha256', body),
    })
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${sign(method, path)}`
    const { host, ...rest } = signed
    const response = await fetch(origin + path, {
      method,
      headers: { ...rest, authorization },
      ...(method === 'POST' && { body }),
      signal: AbortSignal.timeout(20_000),
    }).catch((error: unknown) => {
      throw new Failure(`${origin} cannot be reached: ${reasonOf(error).replace(/\.$/, '')}.`, 'unreachable')
    })
    const text = await response.text()
    if (response.ok) return text
    throw refusalOf(operation, response.status, response.headers.get('x-amzn-errortype'), text)
  }

  return {
    region,
    json: async (service, operation, input) => {
      const { prefix, version } = targets[service]
      const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${prefix}.${operation}` }
      return objectIn(
        await send({ service, method: 'POST', path: '/', headers, body: JSON.stringify(input), operation }),
      )
    },
    query: (service, fields) => {
      const body = new URLSearchParams({ ...fields, Version: versions[service] }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return send({ service, method: 'POST', path: '/', headers, body, operation: fields.Action ?? '' })
    },
    get: async (service, path) =>
      objectIn(await send({ service, method: 'GET', path, headers: {}, body: '', operation: path })),
  }
}

const suffixOf = (region: string): string => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com')

function refusalOf(operation: string, status: number, type: string | null, text: string): AwsError {
  const fields = objectIn(text)
  const code = String(type ?? fields.__type ?? fields.code ?? textIn(text, 'Code') ?? status)
    .replace(/^.*#/, '')
    .replace(/:.*$/, '')
  const told = String(fields.message ?? fields.Message ?? textIn(text, 'Message') ?? `status ${status}`)
  const hint = advice.find(([applies]) => applies(code))?.[1]
  return new AwsError(code, `AWS refuses ${operation} (${code}): ${told.replace(/\.$/, '')}.${hint ? ` ${hint}` : ''}`)
}

/** An empty object for a text that is no JSON object. */
function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
