import * as z from 'zod/mini'

export type Schema = { [keyword: string]: unknown }

export const at = (name: string) => ({ $ref: `#/components/schemas/${name}` })

type Schemas = Record<string, z.ZodMiniType>

/** Converts zod schemas to JSON Schemas. `things` are shared schemas; other schemas refer to them by name. */
export function toJsonSchemas(schemas: Schemas, io: 'input' | 'output', things: Schemas = {}): Record<string, Schema> {
  const registry = z.registry<{ id: string }>()
  for (const [id, thing] of Object.entries(things)) registry.add(thing, { id })
  // Two verbs may share one schema, but a registry has only one name for each schema.
  for (const [id, schema] of Object.entries(schemas)) registry.add(z.clone(schema, schema._zod.def), { id })
  const converted = z.toJSONSchema(registry, { io, target: 'draft-7', uri: (id) => at(id).$ref, override: describe })
  return Object.fromEntries(
    Object.entries(converted.schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, { ...schema }]),
  )
}

function describe({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Schema }): void {
  const { type, checks = [] }: z.core.$ZodTypeDef = zodSchema._zod.def
  // Readers of frames ignore unknown fields.
  if (type === 'object') delete jsonSchema.additionalProperties
  for (const { _zod } of checks) Object.assign(jsonSchema, (_zod.def as Definition).params)
  const descriptions = checks.flatMap(descriptionsOf)
  if (descriptions.length > 0) jsonSchema.description = `${capital(descriptions.join('; '))}.`
  if (typeof jsonSchema.pattern === 'string') jsonSchema.pattern = patternOf(jsonSchema.pattern, checks)
}

type Check = z.core.$ZodCheck<never>
type ErrorText = (issue: object) => unknown
/** `params` of a refinement are the JSON Schema keywords with the same meaning. */
type Definition = z.core.$ZodCheckDef & { path?: PropertyKey[]; pattern?: RegExp; params?: Schema }

/** A rule that JSON Schema cannot express is described by its error text. */
function descriptionsOf({ _zod }: Check): string[] {
  const { check, error, path, params }: Definition = _zod.def
  if (check !== 'custom' || params) return []
  const text = (error as ErrorText | undefined)?.({})
  if (typeof text !== 'string') throw new Error('A refinement has to say what it refuses.')
  return [path ? `\`${path.join('.')}\` ${text}` : text]
}

/** JSON Schema has no flags for patterns. */
function patternOf(pattern: string, checks: readonly Check[]): string {
  const ignoresCase = checks.some(({ _zod }) => (_zod.def as Definition).pattern?.flags.includes('i'))
  return ignoresCase ? pattern.replaceAll('a-z', 'A-Za-z') : pattern
}

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
