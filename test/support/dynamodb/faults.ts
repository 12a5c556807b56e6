import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** An HTTP response of the database. The SDK parses it and retries the call like after a real one. */
export interface DatabaseResponse {
  statusCode: number
  headers: Record<string, string>
  body: Uint8Array
}

/** Replaces one call; `pass` makes the real call. */
export type Fault = (pass: () => Promise<DatabaseResponse>) => Promise<DatabaseResponse>

export const responseOf = (statusCode: number, body: object | string): DatabaseResponse => ({
  statusCode,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

const namespace = 'com.amazonaws.dynamodb.v20120810#'

/** The database responds with an error. */
export const errorResponse = (statusCode: number, type: string, more: object = {}): Fault => {
  const body = { __type: namespace + type, message: 'injected', ...more }
  return async () => responseOf(statusCode, body)
}

const injectedError = (name: string, code?: string): Error =>
  Object.assign(new Error('injected'), { name, ...(code !== undefined && { code }) })

/** The call fails without a response. */
export const connectionError = (name: string, code?: string): Fault => {
  return async () => {
    throw injectedError(name, code)
  }
}

/** The database executes the call, but its response is lost. */
export const lostResponse = (fault: Fault): Fault => {
  return async (pass) => {
    await pass()
    return fault(pass)
  }
}

/**
 * Injects faults into the calls of one client. Each fault replaces one try, not a whole call. The fast path is off,
 * so the SDK makes all tries itself.
 */
export class Faults {
  readonly #queue: { command: string; fault: Fault }[] = []
  #permanent: { command: string; fault: Fault } | undefined
  /** The command of each try so far. */
  readonly tries: string[] = []

  constructor(client: DynamoDBClient) {
    client.middlewareStack.remove('fastPath')
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const command = String(context.commandName).replace(/Command$/, '')
        this.tries.push(command)
        const fault = this.#next(command)
        if (!fault) return withoutDate(await next(args))
        const pass = async (): Promise<DatabaseResponse> => readResponse((await next(args)).response)
        return { response: await fault(pass), output: { $metadata: {} } }
      },
      // The innermost position: inside the retries and the parsing of responses.
      { step: 'deserialize', priority: 'low', name: 'faults' },
    )
  }

  /** The next tries of the command get these faults, one each. */
  next(command: string, ...faults: Fault[]): void {
    this.#queue.push(...faults.map((fault) => ({ command, fault })))
  }

  /** From now on, every try of the command gets this fault. */
  always(command: string, fault: Fault): void {
    this.#permanent = { command, fault }
  }

  clear(): void {
    this.#queue.length = 0
    this.#permanent = undefined
    this.tries.length = 0
  }

  #next(command: string): Fault | undefined {
    const at = this.#queue.findIndex((one) => one.command === command)
    if (at >= 0) return this.#queue.splice(at, 1)[0]?.fault
    return this.#permanent?.command === command ? this.#permanent.fault : undefined
  }
}

/**
 * Removes the date header. The embedded database uses the clock of the machine even if the tests run on another date,
 * and the SDK would retry because of the difference.
 */
function withoutDate<Output extends { response: unknown }>(output: Output): Output {
  const { response } = output
  const headers = typeof response === 'object' && response && 'headers' in response ? response.headers : undefined
  if (typeof headers === 'object' && headers) Reflect.deleteProperty(headers, 'date')
  return output
}

const readResponse = async (response: unknown): Promise<DatabaseResponse> => {
  if (typeof response !== 'object' || !response || !('statusCode' in response) || !('body' in response)) {
    throw new Error('The client returned no HTTP response.')
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of iterable(response.body)) chunks.push(Buffer.from(chunk))
  return responseOf(Number(response.statusCode), Buffer.concat(chunks).toString())
}

function iterable(body: unknown): AsyncIterable<Uint8Array> {
  if (typeof body === 'object' && body && Symbol.asyncIterator in body) return body as AsyncIterable<Uint8Array>
  throw new Error('The response has no body.')
}
