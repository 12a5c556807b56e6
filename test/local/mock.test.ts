import { platformMetrics } from '../../local/cloudwatch/platform.ts'
import { seededFaults } from '../../local/faults/faults.ts'
import type { Connection, Gateway } from '../../local/gateway/connections.ts'
import { messageEvent } from '../../local/gateway/events.ts'
import { answerMock } from '../../local/gateway/mock.ts'
import type { Integration } from '../../local/template/api.ts'
import { usageRecord } from '../../local/usage.ts'
import { ManualClock } from './run.ts'

type Mock = Extract<Integration, { kind: 'mock' }>

const gateway: Gateway = {
  api: { id: 'api', stage: 'v1', arn: '', selection: '', stageVariables: {}, routes: new Map() },
  domainName: 'here',
  clock: new ManualClock(),
  faults: seededFaults(1),
  usage: usageRecord(),
  platform: platformMetrics({ now: () => 0, put: () => {} }, { id: 'api', stage: 'v1' }),
  log: () => {},
  invoke: () => Promise.reject(new Error('A mock invokes nothing')),
  caller: () => undefined,
  connections: new Map(),
  runningDisconnects: new Set(),
}
const connection: Connection = {
  id: 'AAAAAAAAAAAAAAA=',
  connectedAt: 5,
  lastActiveAt: 5,
  sourceIp: '127.0.0.1',
  authorizer: { user: 'alice' },
}

function answer(mock: Partial<Mock>, body = '{"id":"7","deep":{"list":[1,{"a":"b"}]}}') {
  const context = messageEvent(gateway, connection, 'ping', body).requestContext
  return answerMock({ kind: 'mock', templates: {}, selection: '', responses: [], ...mock }, body, context)
}

const ok = { $default: '{"statusCode":200}' }
const response = (key: string, template: string) => ({ key, selection: '', templates: { $default: template } })

test('the response template reads the body that the request template made', () => {
  const templates = { $default: `{"statusCode":200,"id":$input.json('$.id')}` }
  expect(answer({ templates, responses: [response('$default', `{"answer":$input.json('$.id')}`)] })).toBe(
    '{"answer":"7"}',
  )
})

test('without a response template the body is sent as it is', () => {
  expect(answer({ templates: ok })).toBe('{"statusCode":200}')
})

test('the status code selects the response', () => {
  const responses = [response('$default', 'other'), response('/4\\d\\d/', 'client'), response('/200/', 'fine')]
  expect(answer({ templates: ok, responses })).toBe('fine')
  expect(answer({ templates: { $default: '{"statusCode":404}' }, responses })).toBe('client')
  expect(answer({ templates: { $default: '{"statusCode":500}' }, responses })).toBe('other')
})

test('the selection expression selects the template, with $default and application/json as fallbacks', () => {
  const templates = { '7': '{"statusCode":201}', $default: '{"statusCode":202}' }
  expect(answer({ templates, selection: '$request.body.id' })).toBe('{"statusCode":201}')
  expect(answer({ templates, selection: '$request.body.none' })).toBe('{"statusCode":202}')
  expect(answer({ templates, selection: '\\$default' })).toBe('{"statusCode":202}')
  expect(answer({ templates: { 'application/json': '{"statusCode":203}' } })).toBe('{"statusCode":203}')
})

test('a template that gives no status code or no JSON fails the integration', () => {
  expect(answer({ templates: { $default: '{"id":1}' } })).toBeUndefined()
  expect(answer({ templates: { $default: 'nothing' } })).toBeUndefined()
})

test('without templates the frame itself must contain the status code', () => {
  expect(answer({})).toBeUndefined()
  expect(answer({}, '{"statusCode":200}')).toBe('{"statusCode":200}')
})

const written = (template: string, body?: string) =>
  answer({ templates: ok, responses: [response('$default', template)] }, body)
const fromFrame = (template: string, body?: string) =>
  answer({ templates: { $default: `{"statusCode":200,"out":"${template}"}` } }, body)

test('paths select values in objects and lists; a missing value is empty', () => {
  expect(fromFrame(`$input.path('$.deep.list[1].a')`)).toContain('"out":"b"')
  expect(fromFrame(`$input.path("$['deep']['list'][0]")`)).toContain('"out":"1"')
  expect(fromFrame(`$input.path('$.none.at.all')`)).toContain('"out":""')
  expect(answer({ templates: { $default: `{"statusCode":200,"out":$input.json('$.none')}` } })).toContain('"out":""')
  expect(fromFrame(`#if($input.path('$.none') != '')yes#{else}no#end`)).toContain('"out":"no"')
})

test('the context contains the connection and the authorizer context', () => {
  expect(written('$context.connectionId $context.routeKey $context.authorizer.user $context.identity.sourceIp')).toBe(
    'AAAAAAAAAAAAAAA= ping alice 127.0.0.1',
  )
})

test('escapeJavaScript escapes text for a JSON string', () => {
  expect(fromFrame(`$util.escapeJavaScript($input.path('$.id'))`, '{"id":"a\\"b\\n"}')).toBe(
    '{"statusCode":200,"out":"a\\"b\\n"}',
  )
})
