import { type Json, object } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import { resourcesOf, type Template } from './load.ts'

/** Reads the properties of all resources of a type. Throws if a resource has a property that is not in `known`. */
export function resolved(
  template: Template,
  resolve: Resolve,
  type: string,
  known: string[],
): { id: string; properties: Json }[] {
  return resourcesOf(template, type).map(([id, resource]) => {
    const properties = object(resolve(resource.properties))
    const unknown = Object.keys(properties).filter((name) => !known.includes(name))
    if (unknown.length > 0) throw new Error(`The local run does not know ${unknown.join(', ')} of ${type} (${id})`)
    return { id, properties }
  })
}
