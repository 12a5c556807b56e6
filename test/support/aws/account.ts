import { hash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { requestSigner } from '../../../lambdas/aws/sigv4.ts'
import { type AwsCaller, awsCaller } from '../../../terminal/aws/caller.ts'
import { type Fields, LocalPool, Refusal } from './pool.ts'

export interface LocalStack {
  outputs: Record<string, string>
  template: { Resources: Record<string, { Type: string; DeletionPolicy?: string }> }
  /** Names and ids, by logical id. */
  ids: Record<string, string>
}

const credentials = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'secret', sessionToken: 'session' }
const region = 'eu-central-1'

/** The services that the commands ask, over HTTP, in one account. It refuses unsigned requests and unknown shapes. */
export class LocalAccount {
  readonly requests: string[] = []
  readonly stacks = new Map<string, LocalStack>()
  readonly tables = new Map<string, Fields>()
  readonly pool = new LocalPool()
  bootstrap: string | undefined = '21'
  concurrency = 1000
  loggingRole: string | undefined
  /** Operations that are refused with this code. */
  readonly refused = new Map<string, string>()
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request: IncomingMessage, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => {
        body += String(chunk)
      })
      request.on('end', () => {
        const { status, type, text } = this.#answer(request, body)
        response.writeHead(status, { 'content-type': type }).end(text)
      })
    })
  }

  static async start(): Promise<LocalAccount> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new LocalAccount(server)
  }

  get origin(): string {
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  }

  /** The environment of a command that uses this account. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.origin,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    }
  }

  caller(secretAccessKey = credentials.secretAccessKey): AwsCaller {
    return awsCaller({ region, credentials: { ...credentials, secretAccessKey } }, { endpoint: this.origin })
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #answer(request: IncomingMessage, body: string): { status: number; type: string; text: string } {
    const target = String(request.headers['x-amz-target'] ?? '')
    const form = Object.fromEntries(new URLSearchParams(body))
    const operation = target.split('.')[1] ?? form.Action ?? request.url ?? ''
    const isXml = form.Action !== undefined && target === ''
    this.requests.push(operation)
    try {
      checkSignature(request, body)
      const refused = this.refused.get(operation)
      if (refused !== undefined) throw new Refusal(refused, `Not today: <${operation}>`)
      if (isXml) return { status: 200, type: 'text/xml', text: this.#xml(operation, form) }
      const input: Fields = body === '' ? {} : JSON.parse(body)
      const text = JSON.stringify(this.#json(target, operation, input))
      return { status: 200, type: 'application/x-amz-json-1.1', text }
    } catch (error) {
      const { code, message } = error instanceof Refusal ? error : new Refusal('InternalFailure', String(error))
      if (!isXml) return { status: 400, type: 'application/json', text: JSON.stringify({ __type: code, message }) }
      const told = `<ErrorResponse><Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`
      return { status: 400, type: 'text/xml', text: told }
    }
  }

  #xml(operation: string, form: Fields): string {
    if (operation === 'GetCallerIdentity') return '<R><Account>123456789012</Account><UserId>U</UserId></R>'
    const stack = this.stacks.get(String(form.StackName))
    if (stack === undefined)
      throw new Refusal('ValidationError', `Stack with id ${String(form.StackName)} does not exist`)
    if (operation === 'GetTemplate')
      return `<R><TemplateBody>${escaped(JSON.stringify(stack.template))}</TemplateBody></R>`
    if (operation === 'DescribeStackResources') return members(resourcesOf(stack))
    if (operation !== 'DescribeStacks') throw new Refusal('InvalidAction', operation)
    const outputs = Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }))
    return `<R><Stacks><member><StackName>${String(form.StackName)}</StackName><Outputs>${members(outputs)}</Outputs></member></Stacks></R>`
  }

  #json(target: string, operation: string, input: Fields): object {
    if (target === 'AmazonSSM.GetParameter') {
      if (input.Name !== '/cdk-bootstrap/hnb659fds/version' || this.bootstrap === undefined)
        throw new Refusal('ParameterNotFound', '')
      return { Parameter: { Name: input.Name, Value: this.bootstrap } }
    }
    if (operation === '/2016-08-19/account-settings/')
      return { AccountLimit: { ConcurrentExecutions: this.concurrency } }
    if (operation === '/account') return { ...(this.loggingRole && { cloudwatchRoleArn: this.loggingRole }) }
    if (target === 'DynamoDB_20120810.DescribeTable') return { Table: this.tables.get(String(input.TableName)) ?? {} }
    if (target.startsWith('AWSCognitoIdentityProviderService.')) return this.pool.answer(operation, input)
    throw new Refusal('UnknownOperationException', target)
  }
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

const members = (all: readonly Readonly<Record<string, string>>[]): string =>
  all
    .map((one) => Object.entries(one).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`))
    .map((inner) => `<member>${inner.join('\n')}</member>`)
    .join('\n')

const resourcesOf = ({ template, ids }: LocalStack) =>
  Object.entries(template.Resources).map(([LogicalResourceId, { Type: ResourceType }]) => ({
    LogicalResourceId,
    PhysicalResourceId: ids[LogicalResourceId] ?? LogicalResourceId,
    ResourceType,
  }))

function checkSignature({ headers, method = '', url = '' }: IncomingMessage, body: string): void {
  const pattern = /Credential=AKIALOCAL\/\d{8}\/eu-central-1\/([\w-]+)\/aws4_request, SignedHeaders=([\w;-]+), /
  const [, service = '', signed = ''] = pattern.exec(headers.authorization ?? '') ?? []
  const names = signed.split(';')
  const { authorization } = headers
  if (!names.includes('host') || !names.includes('x-amz-security-token'))
    throw new Refusal('IncompleteSignatureException', 'The signature leaves a header out.')
  const { sign } = requestSigner(service)({
    region,
    credentials,
    time: String(headers['x-amz-date']),
    headers: Object.fromEntries(names.map((name) => [name, String(headers[name])])),
    payloadHash: hash('sha256', body),
  })
  if (!authorization?.endsWith(`Signature=${sign(method, url)}`))
    throw new Refusal('SignatureDoesNotMatch', 'The signature does not match.')
}
