/** A line in CloudWatch's embedded metric format, once it is checked. */
export interface MetricLine {
  _aws: { Timestamp: number; CloudWatchMetrics: Directive[] }
  [field: string]: unknown
}

interface Directive {
  Namespace: string
  Dimensions: string[][]
  Metrics: { Name: string; Unit?: string; StorageResolution?: number }[]
}

const units = ['Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Percent', 'Count', 'Count/Second', 'None']
const dayMs = 24 * 3_600_000

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= most
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const has = (object: object, key: string) => Object.hasOwn(object, key)

/** What CloudWatch would not take of a line that a function writes at this time; empty if it takes all of it. */
export function faultsOf(text: string, now: number): string[] {
  const faults: string[] = []
  const fault = (isFault: boolean, words: string) => void (isFault && faults.push(words))
  fault(!text.endsWith('\n') || text.slice(0, -1).includes('\n'), 'it is not one line')
  fault(Buffer.byteLength(text) > 1_000_000, 'it is larger than 1 MB')
  fault(!/^\{.*\}\n$/.test(text), 'there is something beside the JSON object')
  const line = parsed(text)
  if (!isObject(line)) return [...faults, 'it is no JSON object']
  const { _aws: head } = line
  if (!isObject(head) || !Array.isArray(head.CloudWatchMetrics)) return [...faults, 'it has no _aws with metrics']
  const { Timestamp: at, CloudWatchMetrics: directives } = head
  fault(!Number.isSafeInteger(at), 'Timestamp is no whole number of milliseconds')
  fault(Number(at) < now - 14 * dayMs || Number(at) > now + dayMs / 12, 'Timestamp is too old or in the future')
  for (const directive of directives) faults.push(...faultsOfDirective(directive, line))
  return faults
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function faultsOfDirective(directive: unknown, line: Record<string, unknown>): string[] {
  const faults: string[] = []
  const fault = (isFault: boolean, words: string) => void (isFault && faults.push(words))
  if (!isObject(directive)) return ['a directive is no object']
  const { Namespace, Dimensions, Metrics } = directive
  fault(!isText(Namespace, 1024) || Namespace.startsWith('AWS/'), 'Namespace is wrong')
  if (!Array.isArray(Dimensions) || !Array.isArray(Metrics)) return [...faults, 'Dimensions or Metrics is no list']
  fault(Metrics.length > 100, 'a directive has more than 100 metrics')
  const keys = new Set<unknown>()
  for (const set of Dimensions) {
    if (!Array.isArray(set)) return [...faults, 'a dimension set is no list']
    fault(set.length > 30, 'a dimension set has more than 30 keys')
    fault(new Set(set).size !== set.length, 'a dimension set names a key twice')
    for (const key of set) {
      keys.add(key)
      if (!isText(key, 250)) faults.push('the name of a dimension is wrong')
      else
        fault(!has(line, key) || !isText(line[key], 1024), `the dimension ${key} is no text of 1 to 1,024 characters`)
    }
  }
  fault(new Set(Dimensions.map((set) => [...set].sort().join())).size !== Dimensions.length, 'a set occurs twice')
  for (const metric of Metrics) faults.push(...faultsOfMetric(metric, line, keys))
  return faults
}

function faultsOfMetric(metric: unknown, line: Record<string, unknown>, dimensions: Set<unknown>): string[] {
  if (!isObject(metric) || !isText(metric.Name, 1024)) return ['a metric has no name']
  const { Name, Unit, StorageResolution } = metric
  const faults: string[] = []
  if (dimensions.has(Name)) faults.push(`${Name} is a dimension as well`)
  if (Unit !== undefined && !units.includes(String(Unit))) faults.push(`${Name} has an unknown unit`)
  if (StorageResolution !== undefined && StorageResolution !== 1 && StorageResolution !== 60)
    faults.push(`${Name} has a wrong resolution`)
  const values: unknown[] = Array.isArray(line[Name]) ? line[Name] : [line[Name]]
  if (values.length === 0 || values.length > 100) faults.push(`${Name} has ${values.length} values`)
  if (!values.every(Number.isFinite)) faults.push(`${Name} has a value that is no number`)
  return faults
}

/** One sample in a series of CloudWatch: a metric, and the values of its dimensions. */
export interface Sampled {
  name: string
  unit: string | undefined
  /** For example `Stack=Chat,Verb=send`. */
  series: string
  value: number
}

/** All samples that CloudWatch takes from a line. */
export function samplesIn(line: MetricLine): Sampled[] {
  return line._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name: name, Unit: unit }) =>
      [line[name]].flat().flatMap((value) =>
        Dimensions.map((set) => ({
          name,
          unit,
          series: set.map((key) => `${key}=${line[key]}`).join(),
          value: Number(value),
        })),
      ),
    ),
  )
}
