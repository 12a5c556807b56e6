import { isObject, type Json, list, object, parse, text } from '../json.ts'
import { listOf } from '../template/load.ts'
import type { Datum, Dimensions } from './store.ts'

/** What a line of a log says in the embedded metric format. */
export type Embedded = { data: Datum[] } | { problem: string }

const units = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'None', 'Count/Second'],
  ...['', 'Kilo', 'Mega', 'Giga', 'Tera'].flatMap((size) => {
    const [bytes, bits] = size === '' ? ['Bytes', 'Bits'] : [`${size}bytes`, `${size}bits`]
    return [bytes, bits, `${bytes}/Second`, `${bits}/Second`]
  }),
])

/**
 * Reads a line as CloudWatch Logs does; undefined for a line that is not in the format. CloudWatch drops a line that
 * breaks the specification without a word in the log, so here each has its problem.
 */
export function readEmbedded(line: string): Embedded | undefined {
  // Most lines are not metrics, and parsing each would slow down a run under load.
  if (!line.includes('"_aws"')) return undefined
  const root = parse(line)
  if (!isObject(root) || !isObject(root._aws)) return { problem: 'the line is no JSON object with a member "_aws"' }
  try {
    const { Timestamp, CloudWatchMetrics } = root._aws
    check(Number.isInteger(Timestamp), 'Timestamp must be whole milliseconds')
    check(Array.isArray(CloudWatchMetrics), 'CloudWatchMetrics must be a list')
    return { data: listOf(CloudWatchMetrics).flatMap((directive) => dataOf(root, directive, Number(Timestamp))) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function dataOf(root: Json, { Namespace, Dimensions: sets, Metrics }: Json, at: number): Datum[] {
  const namespace = text(Namespace)
  check(namespace.length >= 1 && namespace.length <= 1024, 'Namespace must have 1 to 1,024 characters')
  check(Array.isArray(sets) && list(sets).every(Array.isArray), 'Dimensions must be a list of lists')
  check(Array.isArray(Metrics) && Metrics.length <= 100, 'Metrics must be a list of at most 100')
  const dimensionSets = list(sets).map((names) => dimensionsOf(root, list(names)))
  return listOf(Metrics).flatMap((metric) => {
    const name = text(metric.Name)
    check(name !== '', 'each metric needs a Name')
    check(metric.Unit === undefined || units.has(text(metric.Unit)), `${name} has an unknown Unit`)
    check([undefined, 1, 60].includes(metric.StorageResolution as undefined), `${name} has a wrong StorageResolution`)
    const values = valuesOf(root, name)
    return dimensionSets.flatMap((dimensions) => values.map((value) => ({ namespace, name, dimensions, value, at })))
  })
}

function dimensionsOf(root: Json, names: unknown[]): Dimensions {
  check(names.length <= 30, 'a set of dimensions has at most 30')
  return Object.fromEntries(
    names.map((given) => {
      const name = text(given)
      const value = Object.hasOwn(root, name) ? root[name] : undefined
      check(name !== '' && name.length <= 250, 'the name of a dimension has 1 to 250 characters')
      check(typeof value === 'string' && value !== '' && value.length <= 1024, `the dimension ${name} must be a text`)
      return [name, text(value)]
    }),
  )
}

/** Values are members of the root; a name with a dot reaches into no object. */
function valuesOf(root: Json, name: string): number[] {
  const given = Object.hasOwn(object(root), name) ? root[name] : undefined
  const values = [given].flat()
  check(values.length <= 100, `${name} has more than 100 values`)
  check(
    values.every((value) => typeof value === 'number' && Number.isFinite(value)),
    `${name} must be a number or a list of numbers`,
  )
  return values.map(Number)
}

function check(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem)
}
