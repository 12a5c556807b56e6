import * as z from 'zod/mini'

export type Schema = { [keyword: string]: unknown }

export const at = (name: string) => ({ $ref: `#/components/schemas/${name}` })

type Schemas = Record<string, z.ZodMiniType>

/** zod schemas as JSON Schemas, and the things that they speak of, which are pointed at by name. */
export function toJsonSchemas(schemas: Schemas, io: 'input' | 'output', things: Schemas = {}): Record<string, Schema> {
  const registry = z.registry<{ id: string }>()
  for (const [id, thing] of Object.entries(things)) registry.add(thing, { id })
  // Two verbs may have one schema, and a registry knows each schema by one name.
  for (const [id, schema] of Object.entries(schemas)) registry.add(z.clone(schema, schema._zod.def), { id })
  const made = z.toJSONSchema(registry, { io, target: 'draft-7', uri: (id) => at(id).$ref, override: describe })
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, { ...schema }]),
  )
}

function describe({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Schema }): void {
  const { type, checks = [] }: z.core.$ZodTypeDef = zodSchema._zod.def
  // Whoever reads a frame ignores what it does not know.
  if (type === 'object') delete jsonSchema.additionalProperties
  for (const { _zod } of checks) Object.assign(jsonSchema, (_zod.def as Definition).params)
  const complaints = checks.flatMap(complaintOf)
  if (complaints.length > 0) jsonSchema.description = `${capital(complaints.join('; '))}.`
  if (typeof jsonSchema.pattern === 'string') jsonSchema.pattern = patternOf(jsonSchema.pattern, checks)
}

type Check = z.core.$ZodCheck<never>
type Complain = (issue: object) => unknown
/** `params` of a refinement are the keywords that say the same. */
type Definition = z.core.$ZodCheckDef & { path?: PropertyKey[]; pattern?: RegExp; params?: Schema }

/** What JSON Schema cannot express is described in the words in which it is refused. */
function complaintOf({ _zod }: Check): string[] {
  const { check, error, path, params }: Definition = _zod.def
  if (check !== 'custom' || params) return []
  const complaint = (error as Complain | undefined)?.({})
  if (typeof complaint !== 'string') throw new Error('A refinement has to say what it refuses.')
  return [path ? `\`${path.join('.')}\` ${complaint}` : complaint]
}

/** JSON Schema knows no flags. */
function patternOf(pattern: string, checks: readonly Check[]): string {
  const ignoresCase = checks.some(({ _zod }) => (_zod.def as Definition).pattern?.flags.includes('i'))
  return ignoresCase ? pattern.replaceAll('a-z', 'A-Za-z') : pattern
}

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
