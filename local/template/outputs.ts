import { entries, object, text } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import type { Template } from './load.ts'

/** Reads the outputs of a template by name, without those whose condition is false. */
export function readOutputs(template: Template, resolve: Resolve): Record<string, string> {
  const chosen = entries(template.outputs).filter(([, output]) => {
    const { Condition } = object(output)
    return Condition === undefined || resolve({ Condition: text(Condition) })
  })
  return Object.fromEntries(chosen.map(([name, output]) => [name, String(resolve(object(output).Value))]))
}
