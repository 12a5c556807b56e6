import { isObject, parse } from '../json.ts'
import type { Api, Route } from '../template/api.ts'

/** The route of a frame; `$default` for text that is not JSON, for a missing value and for a key without a route. */
export function selectRoute(api: Api, body: string): Route | undefined {
  const key = evaluate(api.selection, parse(body))
  const selectable = key !== '$connect' && key !== '$disconnect'
  return (selectable && api.routes.get(key)) || api.routes.get('$default')
}

/** Evaluates a selection expression: `$request.body.a.b`, or text with `${request.body.a.b}` in it. */
export function evaluate(expression: string, body: unknown): string {
  const value = (path: string) => stringified(path.split('.').reduce(member, body))
  const whole = /^\$request\.body\.([\w.-]+)$/.exec(expression)?.[1]
  if (whole !== undefined) return value(whole)
  return expression.replace(/\$\{request\.body\.([\w.-]+)\}/g, (_, path: string) => value(path)).replace(/\\\$/g, '$')
}

/** Finds own properties only, so that `__proto__` and `constructor` have no value. */
const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

function stringified(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
