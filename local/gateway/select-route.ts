import { isObject, parse } from '../json.ts'
import type { Api, Route } from '../template/api.ts'

/**
 * The route a frame takes. The path of the selection expression that leads nowhere gives an empty string, text
 * that is not JSON has no path at all: both take `$default`, as does a key that no route has.
 */
export function selectRoute(api: Api, body: string): Route | undefined {
  const key = evaluate(api.selection, parse(body))
  const selectable = key !== '$connect' && key !== '$disconnect'
  return (selectable && api.routes.get(key)) || api.routes.get('$default')
}

/** Evaluates `$request.body.a.b`, alone or inside `${…}` among other text. */
export function evaluate(expression: string, body: unknown): string {
  const value = (path: string) => stringified(path.split('.').reduce(member, body))
  const whole = /^\$request\.body\.([\w.-]+)$/.exec(expression)?.[1]
  if (whole !== undefined) return value(whole)
  return expression.replace(/\$\{request\.body\.([\w.-]+)\}/g, (_, path: string) => value(path)).replace(/\\\$/g, '$')
}

/** Own members only: `__proto__` and `constructor` name nothing. */
const member = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

function stringified(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
