import type * as z from 'zod/mini'
import * as frames from '../frames.ts'
import { limits } from '../limits.ts'
import { errors } from '../replies/errors.ts'
import { erasure, message, messageValue, removal, removed } from '../replies/messages.ts'
import { gatewayFrame, pushes } from '../replies/pushes.ts'
import { replies } from '../replies/replies.ts'
import * as things from '../replies/values.ts'
import { errorWords, verbs } from './descriptions.ts'
import { at, capital, type Schema, toJsonSchemas } from './json-schema.ts'
import { named } from './names.ts'

export const requestName = (verb: string) => `${capital(verb)}Request`
export const replyName = (verb: string) => `${capital(verb)}Reply`
export const pushName = (type: string) => `${capital(type)}Push`

const requestId = {
  type: 'string',
  minLength: 1,
  maxLength: limits.idCharacters,
  description: "The client's own; the one reply to this request carries it.",
}

/** Schemas that several frames share. */
const shared: Record<string, z.ZodMiniType> = {
  Message: message,
  SaidMessage: messageValue,
  RemovedMessage: removed,
  Removal: removal,
  Erasure: erasure,
  Room: things.room,
  RoomCard: things.roomCard,
  Participant: things.participant,
  Invitation: things.invitation,
  Grant: things.grant,
  Category: things.category,
  CategoryCard: things.categoryCard,
}

/** All schemas of the contract by name: `JoinRequest`, `JoinReply`, `MessagePush`, `Refusal` and the shared ones. */
export function schemas(): Record<string, Schema> {
  const requestSchemas = toJsonSchemas({ ...frames }, 'input')
  const pushSchemas = toJsonSchemas({ ...pushesByName, GatewayFrame: gatewayFrame }, 'output', shared)
  const replySchemas = toJsonSchemas(repliesByName, 'output', shared)
  const errorSchemas = toJsonSchemas(errors, 'output')
  const verbNames = Object.keys(verbs)
  const request = (verb: string) => framed({ action: { const: verb }, id: requestId }, ['action'], requestSchemas[verb])
  const reply = (verb: string) => framed({ id: requestId, ok: { const: true } }, ['ok'], replySchemas[replyName(verb)])
  const all: Record<string, Schema> = {
    ...Object.fromEntries(verbNames.map((verb) => [requestName(verb), request(verb)])),
    ...Object.fromEntries(verbNames.map((verb) => [replyName(verb), reply(verb)])),
    Refusal: framed({ id: requestId, ok: { const: false }, error: at('Error') }, ['ok', 'error']),
    Error: {
      description: '`code` decides; `message` is for people.',
      oneOf: Object.entries(errorWords).map(([code, description]) => ({ description, ...errorSchemas[code] })),
    },
    ...pushSchemas,
  }
  return Object.fromEntries(Object.entries(all).map(([name, schema]) => [name, named(name, schema)]))
}

const pushesByName = Object.fromEntries(Object.entries(pushes).map(([type, push]) => [pushName(type), push]))
const repliesByName = Object.fromEntries(Object.entries(replies).map(([verb, answer]) => [replyName(verb), answer]))

/** Adds the fields of the frame to a schema of its content. */
function framed(shell: Schema, always: string[], content: Schema = {}): Schema {
  const { anyOf, description, properties, required } = content
  if (Array.isArray(anyOf)) return { anyOf: anyOf.map((each: Schema) => framed(shell, always, each)) }
  return {
    type: 'object',
    ...(typeof description === 'string' && { description }),
    properties: { ...shell, ...(properties ?? {}) },
    required: [...always, ...(Array.isArray(required) ? required : [])],
  }
}
