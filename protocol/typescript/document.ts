import * as z from 'zod/mini'
import * as fields from '../fields.ts'
import * as messages from '../frames/messages.ts'
import * as scalars from '../frames/scalars.ts'
import * as frames from '../frames.ts'
import { errors } from '../replies/errors.ts'
import * as logEntries from '../replies/messages.ts'
import { pushes } from '../replies/pushes.ts'
import { replies } from '../replies/replies.ts'
import * as values from '../replies/values.ts'
import { type Direction, type JsonSchema, typeOf } from './print.ts'

type Schemas = Record<string, z.ZodMiniType>

/** Types that have a name in all files. */
const named: Schemas = {
  Privacy: scalars.privacy,
  InvitationSetting: scalars.invitations,
  Role: scalars.role,
  Match: scalars.match,
  LogEnd: scalars.end,
  Emoticon: messages.emoticon,
  MessagePart: messages.part,
  RichText: messages.rich,
  Permission: values.permission,
  Room: values.room,
  RoomCard: values.roomCard,
  RoomSummary: values.countedCard,
  Participant: values.participant,
  Invitation: values.invitation,
  Grant: values.grant,
  PurgedGrant: values.purgedGrant,
  Rights: values.rights,
  RecordEntry: values.recordLine,
  Suspension: values.suspension,
  ErasureJob: values.erasureJob,
  CategoryCard: values.categoryCard,
  FullCategory: values.category,
  Author: logEntries.author,
  SaidMessage: logEntries.messageValue,
  RemovedMessage: logEntries.removed,
  Removal: logEntries.removal,
  Erasure: logEntries.erasure,
}

/** JSON Schema cannot express that a text has one of two prefixes. */
const principal = ['user', 'group']
  .map((kind) => `\`${kind}:\${string}\``)
  .concat("'everyone'")
  .join(' | ')

/** Sorted by name, because the exports of a module have no fixed order. */
const requests = Object.fromEntries(
  Object.entries({ ...frames, ping: z.object({}) }).sort(([one], [other]) => (one < other ? -1 : 1)),
)

const heading = '// Made from the schemas by `npm run contract`.\n\n'

function typesOf(schemas: Schemas, direction: Direction): Record<string, string> {
  const registry = z.registry<{ id: string }>()
  for (const schema of [fields.principal, values.principal]) registry.add(schema, { id: 'Principal' })
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })
  // Two verbs may share one schema, but a registry has only one name for each schema.
  for (const [id, schema] of Object.entries(schemas)) {
    if (named[id] === undefined) registry.add(z.clone(schema, schema._zod.def), { id })
  }
  const converted = z.toJSONSchema(registry, {
    io: direction,
    target: 'draft-7',
    uri: (id) => id,
    unrepresentable: 'any',
  })
  return Object.fromEntries(
    Object.keys(schemas).map((name) => [name, typeOf(converted.schemas[name] as JsonSchema, direction)]),
  )
}

const declared = (types: Record<string, string>) =>
  Object.entries(types).map(([name, type]) =>
    type.startsWith('{') && !type.includes('\n} | ')
      ? `export interface ${name} ${type}\n`
      : `export type ${name} = ${type}\n`,
  )

const group = (name: string, comment: string, types: Record<string, string>) => {
  const lines = Object.entries(types).map(([key, type]) => `  ${key}: ${type.replaceAll('\n', '\n  ')}\n`)
  return `/** ${comment} */\nexport interface ${name} {\n${lines.join('')}}\n`
}

/** The import of the named types that a text uses. */
function importsOf(text: string): string {
  const used = ['Principal', ...Object.keys(named)].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(withoutStrings(text)),
  )
  return used.length === 0 ? '' : `import type { ${used.sort().join(', ')} } from './values.ts'\n\n`
}

const withoutStrings = (text: string) => text.replace(/'[^']*'|\/\*\*.*?\*\//g, '')

/** The text of each file in `protocol/types`, by file name, before formatting. */
export function typeFiles(): Record<string, string> {
  const values = [
    `/** The holder of a grant. */\nexport type Principal = ${principal}\n`,
    ...declared(typesOf(named, 'output')),
  ]
  const groups = {
    requests: group('Requests', 'The fields of each request, beside `action` and `id`.', typesOf(requests, 'input')),
    replies: group('Replies', 'The fields of each reply, beside `id` and `ok`.', typesOf(replies, 'output')),
    pushes: group('Pushes', 'The pushes of the server, by `type`.', typesOf(pushes, 'output')),
    errors: group('Errors', 'The errors of refused requests, by code.', typesOf(errors, 'output')),
  }
  const files = Object.entries(groups).map(([name, text]) => [name, importsOf(text) + text])
  return Object.fromEntries([['values', values.join('\n')], ...files].map(([name, text]) => [name, heading + text]))
}
