import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'

type Json = { [name: string]: unknown }

interface Operation {
  action: 'send' | 'receive'
  messages: { $ref: string }[]
  reply?: { messages: { $ref: string }[] }
}

const document = (): Json => JSON.parse(readFileSync('docs/asyncapi.json', 'utf8'))

/**
 * Validates frames against the published document. The document allows unknown fields, because clients must ignore
 * them. Here replies and pushes must not have any: a field that the document does not describe is a defect.
 */
export class FrameValidator {
  readonly #document: Json
  readonly #ajv = new Ajv({ strict: false, allErrors: true })
  readonly #operations: Record<string, Operation>
  readonly #pushes: readonly Operation[]

  constructor(source: Json = document()) {
    this.#document = closed(source, []) as Json
    this.#ajv.addSchema(this.#document, 'contract')
    this.#operations = this.#document.operations as Record<string, Operation>
    this.#pushes = Object.values(this.#operations).filter(({ action }) => action === 'send')
  }

  get verbs(): string[] {
    return Object.keys(this.#operations).filter((name) => this.#verb(name))
  }

  /** Types of pushes. */
  get pushes(): string[] {
    const named = this.#pushes.flatMap(({ messages }) =>
      messages.map(({ $ref }) => this.#at(this.#pointerAt($ref)).name),
    )
    return named.map(String).filter((name) => name !== 'gateway frame')
  }

  /** The reason why a client must not send this frame, or undefined if it may. */
  wrongRequest(frame: Json): string | undefined {
    const operation = this.#verb(frame.action)
    return operation ? this.#wrong(`request ${frame.action}`, operation, frame) : `There is no action ${frame.action}.`
  }

  /** The reason why this frame is not a reply to this verb. Every verb allows the refusal of an unknown one. */
  wrongReply(verb: unknown, frame: Json): string | undefined {
    const { reply } = this.#verb(verb) ?? (frame.ok === false ? this.#verb('hello') : undefined) ?? {}
    return reply ? this.#wrong(`reply to ${verb}`, reply, frame) : `No reply to ${verb} is described.`
  }

  wrongPush(frame: Json): string | undefined {
    const messages = this.#pushes.flatMap((push) => push.messages)
    return this.#wrong(`push ${frame.type ?? ''}`, { messages }, frame)
  }

  #verb(name: unknown): Operation | undefined {
    const operation = typeof name === 'string' && Object.hasOwn(this.#operations, name) && this.#operations[name]
    return operation && operation.action === 'receive' ? operation : undefined
  }

  #wrong(what: string, { messages }: Pick<Operation, 'messages'>, frame: Json): string | undefined {
    const errors = messages.map(({ $ref }) => this.#errors($ref, frame))
    if (errors.some((each) => each.length === 0)) return undefined
    // Report only the message whose constants match, if there is one.
    const relevant = errors.find((each) => !each.some(isOtherKind)) ?? errors.flat()
    return `${what}: ${[...new Set(relevant.map(errorText))].join('; ')}\n${JSON.stringify(frame)}`
  }

  #errors(message: string, frame: Json): ErrorObject[] {
    const { payload } = this.#at(this.#pointerAt(message)) as { payload: { $ref: string } }
    const validate = this.#ajv.getSchema(`contract${payload.$ref}`)
    if (!validate) throw new Error(`${payload.$ref} is not in the document.`)
    return validate(frame) ? [] : (validate.errors ?? [])
  }

  /** Follows the reference from a channel's message to a message of the components. */
  #pointerAt(pointer: string): string {
    const { $ref } = this.#at(pointer) as { $ref?: string }
    return $ref ?? pointer
  }

  #at(pointer: string): Json {
    const path = pointer.slice(2).split('/')
    return path.reduce((value: Json, name) => value[name] as Json, this.#document)
  }
}

/** True if the frame is of another kind: a constant differs, or it has a `type` that this kind does not have. */
const isOtherKind = ({ keyword, instancePath, params }: ErrorObject) =>
  keyword === 'const' ? /^\/(ok|type)$/.test(instancePath) : instancePath === '' && params.additionalProperty === 'type'

const errorText = ({ instancePath, message, params }: ErrorObject) =>
  `${instancePath || '/'} ${message}${'additionalProperty' in params ? ` (${params.additionalProperty})` : ''}`

/** Forbids unknown fields, except in requests: a newer client may send fields that this server ignores. */
function closed(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((inner, at) => closed(inner, [...path, String(at)]))
  if (typeof value !== 'object' || value === null || path.at(-1)?.endsWith('Request')) return value
  const inner = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, closed(each, [...path, name])]))
  const isObject = inner.type === 'object' && typeof inner.properties === 'object'
  return isObject ? { additionalProperties: false, ...inner } : inner
}
