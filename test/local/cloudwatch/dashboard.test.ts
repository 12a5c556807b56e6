import { linesOf, readDashboards, type Widget } from '../../../local/cloudwatch/dashboard.ts'
import { metricStore, minuteMs } from '../../../local/cloudwatch/store.ts'
import { readTemplate } from '../../../local/template/load.ts'

const store = metricStore()
const put = (minute: number, value: number, dimensions: Record<string, string>, name = 'Requests') =>
  store.put({ namespace: 'Chat', name, dimensions, value, at: minute * minuteMs })

beforeAll(() => {
  put(0, 4, { Stack: 's' })
  put(2, 6, { Stack: 's' })
  put(2, 1, { Stack: 's' }, 'Failed')
  put(0, 3, { Stack: 's', Verb: 'send' })
  put(1, 2, { Stack: 's', Verb: 'join' })
  put(1, 9, { Stack: 'other', Verb: 'join' })
  put(1, 9, { Stack: 's', Verb: 'join', Room: 'r' })
})

const lines = (...metrics: unknown[]) => {
  const widget: Widget = { type: 'metric', x: 0, y: 0, width: 1, height: 1, properties: { metrics } }
  return linesOf(store, widget, 0, 3 * minuteMs)
}

const requests = ['Chat', 'Requests', 'Stack', 's']

test('a metric has a value for each minute, by its statistic', () => {
  expect(lines([...requests, { stat: 'Sum', label: 'All' }])).toEqual([{ label: 'All', values: [4, undefined, 6] }])
  expect(lines([...requests, { stat: 'SampleCount' }])).toEqual([{ label: 'Requests', values: [1, undefined, 1] }])
})

test('a longer period ends with each minute', () => {
  expect(lines([...requests, { stat: 'Sum', period: 180 }])).toMatchObject([{ values: [4, 4, 10] }])
})

test('arithmetic is shown and the metrics that it reads are not', () => {
  const read = lines(
    [{ expression: '100 * failed / all', label: 'Failed, %' }],
    ['Chat', 'Failed', 'Stack', 's', { id: 'failed', visible: false, stat: 'Sum' }],
    [...requests, { id: 'all', visible: false, stat: 'Sum' }],
  )
  expect(read).toEqual([{ label: 'Failed, %', values: [undefined, undefined, 100 / 6] }])
})

test('a search finds the metrics with exactly these dimensions, and names them by the one that it does not give', () => {
  const expression = `SEARCH('{Chat,Stack,Verb} MetricName="Requests" Stack="s"', 'Sum', 60)`
  expect(lines([{ expression }])).toEqual([
    { label: 'join', values: [undefined, 2, undefined] },
    { label: 'send', values: [3, undefined, undefined] },
  ])
})

test('another form of search is refused', () => {
  expect(() => lines([{ expression: "SEARCH('Requests')" }])).toThrow('does not know the search')
})

test('the widgets of a template stand where it puts them', () => {
  const widget = { type: 'text', x: 1, y: 2, width: 3, height: 4, properties: { markdown: 'Hello' } }
  const DashboardBody = JSON.stringify({ widgets: [widget] })
  const template = readTemplate({
    Resources: { D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody } } },
  })
  expect(readDashboards(template, (value) => value)).toEqual([[widget]])
})
