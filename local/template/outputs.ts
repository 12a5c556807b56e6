import { entries, object, text } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import type { Template } from './load.ts'

/** The outputs of the template by name; those whose condition does not hold are left out. */
export function readOutputs(template: Template, resolve: Resolve): Record<string, string> {
  const chosen = entries(template.outputs).filter(([, output]) => {
    const { Condition } = object(output)
    return Condition === undefined || resolve({ Condition: text(Condition) })
  })
  return Object.fromEntries(chosen.map(([name, output]) => [name, String(resolve(object(output).Value))]))
}
