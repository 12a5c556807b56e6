/** The parts of zod's JSON Schemas that a type needs. */
export interface JsonSchema {
  $ref?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: JsonSchema | false
}

/** The types of requests are `input`: programs may pass read-only lists and undefined fields. */
export type Direction = 'input' | 'output'

const indented = (text: string) => text.replaceAll('\n', '\n  ')

/** Returns the TypeScript type of a schema. A reference becomes the name of a type. */
export function typeOf(schema: JsonSchema, direction: Direction): string {
  const { $ref, const: literal, enum: values, items, type } = schema
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if ($ref !== undefined) return $ref
  if (schema.allOf && schema.allOf.length > 1) throw new Error('A schema of several at once has no type here.')
  if (choices) return choices.map((choice) => typeOf(choice, direction)).join(' | ')
  if (literal !== undefined) return printed(literal)
  if (values) return values.map(printed).join(' | ')
  if (items) return listOf(typeOf(items, direction), direction)
  if (type === 'object') return objectOf(schema, direction)
  if (type === 'integer') return 'number'
  if (type !== undefined) return type
  if (Object.keys(schema).length > 0) throw new Error(`There is no type for ${JSON.stringify(schema)}.`)
  return 'unknown'
}

const printed = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value))

function listOf(item: string, direction: Direction): string {
  const list = /[ |]/.test(item) ? `(${item})[]` : `${item}[]`
  return direction === 'input' ? `readonly ${list}` : list
}

function objectOf({ properties, required = [], additionalProperties }: JsonSchema, direction: Direction): string {
  if (!properties || Object.keys(properties).length === 0) {
    return additionalProperties ? `Record<string, ${typeOf(additionalProperties, direction)}>` : 'object'
  }
  const fields = Object.entries(properties).map(([name, property]) => {
    const type = typeOf(property, direction)
    if (required.includes(name)) return `${name}: ${type}`
    return direction === 'input' ? `${name}?: ${type} | undefined` : `${name}?: ${type}`
  })
  return `{\n  ${fields.map(indented).join('\n  ')}\n}`
}
