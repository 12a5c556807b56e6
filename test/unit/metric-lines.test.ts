import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type MetricName, metrics } from '../../lambdas/bindings.ts'
import { metricObjects, type Samples } from '../../lambdas/metric-lines.ts'
import { faultsOf, type MetricLine, samplesIn } from '../support/metric-format.ts'

const at = 1_700_000_000_000
const about = { stack: 'Chat', verb: 'send', at }
const names = Object.keys(metrics) as MetricName[]

const linesOf = (samples: Samples[]) => metricObjects(samples, about).map((object) => `${JSON.stringify(object)}\n`)
const lines = (...samples: [MetricName, number | number[], string?][]) =>
  linesOf(samples.map(([name, values, outcome]) => ({ name, outcome, values: [values].flat() })))
const seriesOf = (...samples: Parameters<typeof lines>) =>
  lines(...samples).flatMap((text) =>
    samplesIn(JSON.parse(text)).map(({ name, series, value }) => [name, series, value]),
  )

describe('the lines of any figures', () => {
  const outcomes = fc.option(fc.constantFrom('ok', 'gone', 'delivered', 'rate_limited'), { nil: undefined })
  const samples = fc.record({
    name: fc.constantFrom(...names),
    outcome: outcomes,
    values: fc.array(fc.nat(5000), { minLength: 1, maxLength: 250 }),
  })

  it('are valid in the embedded metric format, and lose and double nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(samples, { selector: ({ name, outcome }) => `${name} ${outcome}` }), (given) => {
        const written = linesOf(given)
        for (const text of written) expect(faultsOf(text, at)).toEqual([])
        const totals = written.flatMap((text) =>
          samplesIn(JSON.parse(text)).filter(({ series }) => series === 'Stack=Chat'),
        )
        for (const name of names) {
          const wanted = given.filter((one) => one.name === name).flatMap(({ values }) => values)
          const found = totals.filter((one) => one.name === name).map(({ value }) => value)
          expect(found.sort((a, b) => a - b)).toEqual(wanted.sort((a, b) => a - b))
        }
      }),
    )
  })
})

describe('a metric', () => {
  it('has a series of the stack, and one of each of its dimensions', () => {
    expect(seriesOf(['Latency', 12])).toEqual([
      ['Latency', 'Stack=Chat', 12],
      ['Latency', 'Stack=Chat,Verb=send', 12],
    ])
    expect(seriesOf(['Refused', 1, 'conflict'])).toEqual([
      ['Refused', 'Stack=Chat', 1],
      ['Refused', 'Stack=Chat,Outcome=conflict', 1],
      ['Refused', 'Stack=Chat,Verb=send', 1],
    ])
    expect(seriesOf(['Fanout', [3, 4]])).toEqual([
      ['Fanout', 'Stack=Chat', 3],
      ['Fanout', 'Stack=Chat', 4],
    ])
  })

  it('that counts nothing has the series of the stack alone, so that no verb costs a metric for its zeros', () => {
    expect(seriesOf(['Latency', 0], ['Refused', 0], ['Internal', 0])).toEqual([
      ['Latency', 'Stack=Chat', 0],
      ['Latency', 'Stack=Chat,Verb=send', 0],
      ['Refused', 'Stack=Chat', 0],
      ['Internal', 'Stack=Chat', 0],
    ])
  })

  it('with two outcomes is in two lines, since a line has one value of each dimension', () => {
    const written = lines(['Requests', 1], ['Posts', 2, 'delivered'], ['Posts', 1, 'gone'])
    expect(written).toHaveLength(2)
    expect(written.map((text) => JSON.parse(text))).toMatchObject([
      { Requests: 1, Posts: 2, Outcome: 'delivered' },
      { Posts: 1, Outcome: 'gone' },
    ])
  })

  it('has at most 100 values in a line', () => {
    const values = Array.from({ length: 230 }, (_, index) => index)
    const written = lines(['SendToHanded', values]).map((text): MetricLine => JSON.parse(text))
    expect(written.map(({ SendToHanded }) => [SendToHanded].flat().length)).toEqual([100, 100, 30])
  })
})

describe('the check of the format', () => {
  const good = JSON.parse(lines(['Requests', 1])[0] ?? '')
  const [directive] = good._aws.CloudWatchMetrics
  const changed = (more: object, aws: object = {}, inDirective: object = {}) => {
    const CloudWatchMetrics = [{ ...directive, ...inDirective }]
    return `${JSON.stringify({ ...good, _aws: { ...good._aws, CloudWatchMetrics, ...aws }, ...more })}\n`
  }
  const metric = (more: object) => ({ Metrics: [{ Name: 'Requests', Unit: 'Count', ...more }] })

  it('accepts a line of this project', () => expect(faultsOf(changed({}), at)).toEqual([]))

  it.each([
    ['two lines', `${changed({})}${changed({})}`],
    ['no end of the line', changed({}).trim()],
    ['words before the object', `INFO ${changed({})}`],
    ['more than 1 MB', changed({ more: 'x'.repeat(1_000_000) })],
    ['no directive list', changed({}, { CloudWatchMetrics: {} })],
    ['a time as text', changed({}, { Timestamp: new Date(at).toISOString() })],
    ['a time in seconds', changed({}, { Timestamp: at / 1000 })],
    ['a time in three hours', changed({}, { Timestamp: at + 3 * 3_600_000 })],
    ['no namespace', changed({}, {}, { Namespace: '' })],
    ['a namespace of AWS', changed({}, {}, { Namespace: 'AWS/Lambda' })],
    ['a flat list of dimensions', changed({}, {}, { Dimensions: ['Stack'] })],
    ['31 keys in a set', changed({}, {}, { Dimensions: [Array.from({ length: 31 }, () => 'Stack')] })],
    ['a dimension without a value', changed({}, {}, { Dimensions: [['Room']] })],
    ['a number as dimension', changed({ Stack: 7 })],
    ['an empty dimension', changed({ Stack: '' })],
    ['a long dimension', changed({ Stack: 'x'.repeat(1025) })],
    ['the same set twice', changed({}, {}, { Dimensions: [['Stack'], ['Stack']] })],
    ['101 metrics', changed({}, {}, { Metrics: Array.from({ length: 101 }, () => ({ Name: 'Requests' })) })],
    ['an unknown unit', changed({}, {}, metric({ Unit: 'Furlongs' }))],
    ['a resolution of 10', changed({}, {}, metric({ StorageResolution: 10 }))],
    ['a metric that is a dimension', changed({}, {}, metric({ Name: 'Stack' }))],
    ['a metric without a value', changed({}, {}, metric({ Name: 'Absent' }))],
    ['a nested value', changed({ deep: { Value: 1 } }, {}, metric({ Name: 'deep.Value' }))],
    ['a value as text', changed({ Requests: '1' })],
    ['101 values', changed({ Requests: Array.from({ length: 101 }, () => 1) })],
    ['no values', changed({ Requests: [] })],
  ])('finds %s', (_, text) => expect(faultsOf(text, at)).not.toEqual([]))
})

describe('docs/observability.md', () => {
  const document = readFileSync('docs/observability.md', 'utf8')
  const rows = [...document.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \| [^|]+ \|$/gm)]

  it('lists every metric with its unit and its dimensions', () => {
    const listed = rows.map(([, name, unit, sets]) => [name, unit, sets])
    const known = names.map((name) => {
      const { unit, by } = metrics[name]
      return [name, unit, ['Stack', ...by.map((part) => `Stack, ${part}`)].join('; ')]
    })
    expect(listed).toEqual(known)
  })
})
