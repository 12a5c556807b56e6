import { entries, isObject, list, text } from '../json.ts'

type Comparison = (value: unknown, with_: unknown) => boolean

const comparisons: Record<string, Comparison> = {
  prefix: (value, start) => typeof value === 'string' && value.startsWith(text(start)),
  suffix: (value, end) => typeof value === 'string' && value.endsWith(text(end)),
  'equals-ignore-case': (value, other) =>
    typeof value === 'string' && value.toLowerCase() === text(other).toLowerCase(),
  'anything-but': (value, others) => {
    if (value === undefined) return false
    return isObject(others) ? !accepts(others, value) : ![others].flat().includes(value)
  },
  // The numbers of an item are strings in its record, so this comparison does not apply to them.
  numeric: (value, conditions) => typeof value === 'number' && inRange(value, list(conditions)),
  exists: (value, wanted) => (value !== undefined && !isObject(value)) === wanted,
}

const orders: Record<string, (left: number, right: number) => boolean> = {
  '=': (left, right) => left === right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
}

const inRange = (value: number, conditions: unknown[]) =>
  conditions.every((order, at) => at % 2 === 1 || orders[text(order)]?.(value, Number(conditions[at + 1])))

/** Whether a record matches a filter pattern: for each name in the pattern, one of its rules accepts the value. */
export function matches(pattern: unknown, value: unknown): boolean {
  return entries(pattern).every(([name, wanted]) => {
    if (name === '$or') return list(wanted).some((choice) => matches(choice, value))
    const inside = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
    return Array.isArray(wanted) ? wanted.some((rule) => accepts(rule, inside)) : matches(wanted, inside)
  })
}

/** Whether a rule accepts a value, or at least one item of a list. */
function accepts(rule: unknown, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => accepts(rule, item))
  if (!isObject(rule)) return rule === value
  return entries(rule).every(([name, operand]) => comparisons[name]?.(value, operand) ?? false)
}

/** Throws if a pattern uses a comparison that the local run does not implement. */
export function checkPattern(pattern: unknown, where: string): void {
  if (!isObject(pattern)) throw new Error(`The filter of ${where} is not a JSON object`)
  for (const [name, wanted] of entries(pattern)) {
    if (name === '$or') for (const choice of list(wanted)) checkPattern(choice, where)
    else if (Array.isArray(wanted)) for (const rule of wanted) checkRule(rule, where)
    else checkPattern(wanted, where)
  }
}

function checkRule(rule: unknown, where: string): void {
  for (const [name, operand] of entries(rule)) {
    if (!comparisons[name]) throw new Error(`The local run does not know ${name} in the filter of ${where}`)
    if (name === 'anything-but') checkRule(operand, where)
    const wrong = name === 'numeric' && list(operand).find((order, at) => at % 2 === 0 && !orders[text(order)])
    if (wrong) throw new Error(`The local run does not know the order ${wrong} in the filter of ${where}`)
  }
}
