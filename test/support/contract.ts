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
 * The published document as the judge of frames. Readers have to ignore what they do not know, so it leaves objects
 * open; here they are closed in whatever the server says, for to say what is not written down is a defect.
 */
export class Contract {
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

  /** Why no client may send this; nothing when one may. */
  wrongRequest(frame: Json): string | undefined {
    const asked = this.#verb(frame.action)
    return asked ? this.#wrong(`request ${frame.action}`, asked, frame) : `There is no action ${frame.action}.`
  }

  /** Why this is no reply to this verb. What names no verb is refused as everything is. */
  wrongReply(verb: unknown, frame: Json): string | undefined {
    const { reply } = this.#verb(verb) ?? (frame.ok === false ? this.#verb('hello') : undefined) ?? {}
    return reply ? this.#wrong(`reply to ${verb}`, reply, frame) : `There is nothing to reply to ${verb}.`
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
    const complaints = messages.map(({ $ref }) => this.#complaints($ref, frame))
    if (complaints.some((each) => each.length === 0)) return undefined
    // Of several messages the one is meant whose fixed words are there.
    const meant = complaints.find((each) => !each.some(isOtherKind)) ?? complaints.flat()
    return `${what}: ${[...new Set(meant.map(spoken))].join('; ')}\n${JSON.stringify(frame)}`
  }

  #complaints(message: string, frame: Json): ErrorObject[] {
    const { payload } = this.#at(this.#pointerAt(message)) as { payload: { $ref: string } }
    const validate = this.#ajv.getSchema(`contract${payload.$ref}`)
    if (!validate) throw new Error(`${payload.$ref} is not in the document.`)
    return validate(frame) ? [] : (validate.errors ?? [])
  }

  /** A channel's message points at a message of the components. */
  #pointerAt(pointer: string): string {
    const { $ref } = this.#at(pointer) as { $ref?: string }
    return $ref ?? pointer
  }

  #at(pointer: string): Json {
    const path = pointer.slice(2).split('/')
    return path.reduce((place: Json, name) => place[name] as Json, this.#document)
  }
}

/** A frame of another kind says so by a fixed word, or has that word while this kind has none. */
const isOtherKind = ({ keyword, instancePath, params }: ErrorObject) =>
  keyword === 'const' ? /^\/(ok|type)$/.test(instancePath) : instancePath === '' && params.additionalProperty === 'type'

const spoken = ({ instancePath, message, params }: ErrorObject) =>
  `${instancePath || '/'} ${message}${'additionalProperty' in params ? ` (${params.additionalProperty})` : ''}`

/** Requests stay open: a newer client may say what this server ignores. */
function closed(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((inner, at) => closed(inner, [...path, String(at)]))
  if (typeof value !== 'object' || value === null || path.at(-1)?.endsWith('Request')) return value
  const inner = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, closed(each, [...path, name])]))
  const isObject = inner.type === 'object' && typeof inner.properties === 'object'
  return isObject ? { additionalProperties: false, ...inner } : inner
}
