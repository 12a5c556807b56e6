import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** An HTTP answer of the database, which the SDK then reads, judges and retries as it would a real one. */
export interface Answer {
  statusCode: number
  headers: Record<string, string>
  body: Uint8Array
}

/** Runs instead of a call; `pass` makes the real one. */
export type Fault = (pass: () => Promise<Answer>) => Promise<Answer>

export const answerOf = (statusCode: number, body: object | string): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

const namespace = 'com.amazonaws.dynamodb.v20120810#'

export const refusing = (statusCode: number, type: string, more: object = {}): Fault => {
  const body = { __type: namespace + type, message: 'injected', ...more }
  return async () => answerOf(statusCode, body)
}

const broken = (name: string, code?: string): Error =>
  Object.assign(new Error('injected'), { name, ...(code !== undefined && { code }) })

export const breaking = (name: string, code?: string): Fault => {
  return async () => {
    throw broken(name, code)
  }
}

/** The call arrives and works, and its answer is lost on the way. */
export const losing = (fault: Fault): Fault => {
  return async (pass) => {
    await pass()
    return fault(pass)
  }
}

/**
 * Faults that calls of one client meet. A fault stands for one try of a call, not for a whole call. None of these calls
 * takes the short way, which is only for what meets no fault: the tries are the SDK's.
 */
export class Faults {
  readonly #queue: { command: string; fault: Fault }[] = []
  #lasting: { command: string; fault: Fault } | undefined
  /** Names of the commands whose every try came by. */
  readonly tries: string[] = []

  constructor(client: DynamoDBClient) {
    client.middlewareStack.remove('fastPath')
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const command = String(context.commandName).replace(/Command$/, '')
        this.tries.push(command)
        const fault = this.#next(command)
        if (!fault) return undated(await next(args))
        const pass = async (): Promise<Answer> => answerIn((await next(args)).response)
        return { response: await fault(pass), output: { $metadata: {} } }
      },
      // Behind retrying and reading the answer, right before the wire.
      { step: 'deserialize', priority: 'low', name: 'faults' },
    )
  }

  /** The next tries of the command meet these, one each. */
  next(command: string, ...faults: Fault[]): void {
    this.#queue.push(...faults.map((fault) => ({ command, fault })))
  }

  /** Every try of the command meets this from now on. */
  always(command: string, fault: Fault): void {
    this.#lasting = { command, fault }
  }

  clear(): void {
    this.#queue.length = 0
    this.#lasting = undefined
    this.tries.length = 0
  }

  #next(command: string): Fault | undefined {
    const at = this.#queue.findIndex((one) => one.command === command)
    if (at >= 0) return this.#queue.splice(at, 1)[0]?.fault
    return this.#lasting?.command === command ? this.#lasting.fault : undefined
  }
}

/**
 * The embedded database has the machine's own clock, also where the clock of the tests is set. The SDK would try once
 * more for the difference.
 */
function undated<Output extends { response: unknown }>(output: Output): Output {
  const { response } = output
  const headers = typeof response === 'object' && response && 'headers' in response ? response.headers : undefined
  if (typeof headers === 'object' && headers) Reflect.deleteProperty(headers, 'date')
  return output
}

const answerIn = async (response: unknown): Promise<Answer> => {
  if (typeof response !== 'object' || !response || !('statusCode' in response) || !('body' in response)) {
    throw new Error('The client did not answer over HTTP.')
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of iterable(response.body)) chunks.push(Buffer.from(chunk))
  return answerOf(Number(response.statusCode), Buffer.concat(chunks).toString())
}

function iterable(body: unknown): AsyncIterable<Uint8Array> {
  if (typeof body === 'object' && body && Symbol.asyncIterator in body) return body as AsyncIterable<Uint8Array>
  throw new Error('The answer has no body.')
}
