import { selectRoute } from '../../local/gateway/select-route.ts'
import type { Api, Route } from '../../local/template/api.ts'

const route = (key: string): [string, Route] => [
  key,
  { key, twoWay: false, integration: { kind: 'function', arn: '', timeoutMs: 1 } },
]
const keys = ['$connect', '$disconnect', '$default', 'send', '7', 'true', '{"a":1}', '["a"]']
const api = (selection: string, routes = keys): Api => ({
  id: 'api',
  stage: 'v1',
  arn: '',
  selection,
  stageVariables: {},
  routes: new Map(routes.map(route)),
})
const select = (body: string, selection = '$request.body.action') => selectRoute(api(selection), body)?.key

test('a frame selects the route whose key equals its value', () => {
  expect(select('{"action":"send"}')).toBe('send')
  expect(select('{"action":"Send"}')).toBe('$default')
})

test('values that are not strings are compared as text', () => {
  expect(select('{"action":7}')).toBe('7')
  expect(select('{"action":true}')).toBe('true')
  expect(select('{"action":{"a":1}}')).toBe('{"a":1}')
  expect(select('{"action":["a"]}')).toBe('["a"]')
})

test.each(['', 'hi', '"send"', '[]', 'null', '{}', '{"action":null}', '{"action":""}'])(
  '%j selects $default',
  (body) => {
    expect(select(body)).toBe('$default')
  },
)

test('inherited properties are not values', () => {
  expect(select('{"action":"__proto__"}')).toBe('$default')
  expect(select('{"action":"constructor"}')).toBe('$default')
  expect(select('{}', '$request.body.constructor.name')).toBe('$default')
})

test('a frame cannot select $connect and $disconnect', () => {
  expect(select('{"action":"$connect"}')).toBe('$default')
  expect(select('{"action":"$disconnect"}')).toBe('$default')
})

test('the selection expression may contain a deep path or several paths', () => {
  expect(select('{"a":{"b":"send"}}', '$request.body.a.b')).toBe('send')
  expect(select('{"a":"se","b":"nd"}', `\${request.body.a}\${request.body.b}`)).toBe('send')
})

test('without $default a frame may have no route', () => {
  expect(selectRoute(api('$request.body.action', ['send']), 'hi')).toBeUndefined()
})
