import { isObject, list, object, text } from '../json.ts'
import type { Template } from './load.ts'

/** The names that a template may refer to, in addition to its parameters. */
export interface Names {
  ref(id: string): string
  attribute(id: string, name: string): string
  pseudo: Record<string, string>
  /** Is applied to every string of the result. */
  rewrite(value: string): string
}

export type Resolve = (value: unknown) => unknown

const absent = Symbol('AWS::NoValue')

/** Returns a function that evaluates intrinsic functions of a template, as CloudFormation does in a deployment. */
export function resolver(template: Template, names: Names): Resolve {
  const conditions = new Map<string, boolean>()

  function resolve(value: unknown): unknown {
    if (typeof value === 'string') return names.rewrite(value)
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== absent)
    if (!isObject(value)) return value
    const [only, second] = Object.entries(value)
    if (only && !second && (only[0] === 'Ref' || only[0] === 'Condition' || only[0].startsWith('Fn::'))) {
      const result = evaluate(only[0], only[1])
      return typeof result === 'string' ? names.rewrite(result) : result
    }
    const resolved = Object.entries(value).map(([key, item]) => [key, resolve(item)] as const)
    return Object.fromEntries(resolved.filter(([, item]) => item !== absent))
  }

  function evaluate(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return ref(text(argument))
      case 'Condition':
        return condition(text(argument))
      case 'Fn::GetAtt':
        return attribute(argument)
      case 'Fn::Join': {
        const [separator, parts] = list(argument)
        return list(resolve(parts)).map(String).join(text(separator))
      }
      case 'Fn::Split': {
        const [separator, source] = list(argument)
        return String(resolve(source)).split(text(separator))
      }
      case 'Fn::Select': {
        const [position, items] = list(argument)
        const item = list(resolve(items))[Number(resolve(position))]
        if (item === undefined) throw new Error(`Fn::Select finds nothing at ${JSON.stringify(position)}`)
        return item
      }
      case 'Fn::Sub':
        return substitute(argument)
      case 'Fn::FindInMap': {
        const [map, first, second] = list(argument).map((part) => String(resolve(part)))
        return resolve(object(object(template.mappings[map ?? ''])[first ?? ''])[second ?? ''])
      }
      case 'Fn::If': {
        const [test, yes, no] = list(argument)
        return resolve(condition(text(test)) ? yes : no)
      }
      case 'Fn::Equals': {
        const [left, right] = list(argument).map(resolve)
        return JSON.stringify(left) === JSON.stringify(right)
      }
      case 'Fn::Not':
        return !list(argument).map(resolve)[0]
      case 'Fn::And':
        return list(argument).map(resolve).every(Boolean)
      case 'Fn::Or':
        return list(argument).map(resolve).some(Boolean)
    }
    throw new Error(`The local run does not know the intrinsic function ${name}`)
  }

  function ref(id: string): unknown {
    if (id === 'AWS::NoValue') return absent
    if (Object.hasOwn(names.pseudo, id)) return names.pseudo[id]
    if (Object.hasOwn(template.parameters, id)) {
      const { Default } = object(template.parameters[id])
      if (Default === undefined) throw new Error(`Parameter ${id} has no default, and the local run sets none`)
      return Default
    }
    return names.ref(id)
  }

  function attribute(argument: unknown): string {
    const [id, ...rest] = typeof argument === 'string' ? argument.split('.') : list(argument).map(String)
    return names.attribute(id ?? '', rest.join('.'))
  }

  function substitute(argument: unknown): string {
    const [source, variables] = Array.isArray(argument) ? argument : [argument, {}]
    return text(source).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`
      if (Object.hasOwn(object(variables), name)) return String(resolve(object(variables)[name]))
      return String(name.includes('.') ? attribute(name) : ref(name))
    })
  }

  function condition(name: string): boolean {
    const known = conditions.get(name)
    if (known !== undefined) return known
    if (!Object.hasOwn(template.conditions, name)) throw new Error(`The template has no condition ${name}`)
    const result = Boolean(resolve(template.conditions[name]))
    conditions.set(name, result)
    return result
  }

  for (const [id, resource] of template.resources) {
    if (resource.condition && !condition(resource.condition)) template.resources.delete(id)
  }
  return (value) => {
    const result = resolve(value)
    return result === absent ? undefined : result
  }
}
