import velocity from 'velocityjs'
import { propertiesOf, readStack } from './stack.ts'

const stack = readStack()
const templateOf = (id: string, property: string): string => {
  const templates = propertiesOf(stack, id)[property] as Record<string, string>
  return templates.$default ?? ''
}
const request = templateOf('SocketTemplateIntegration', 'RequestTemplates')
const response = templateOf('SocketTemplateResponse', 'ResponseTemplates')

/** API Gateway's `$input`. Its documentation does not give the value of a missing path, so the tests try both. */
function render(text: string, body: string, missing: string | null): string {
  const document: Record<string, unknown> = JSON.parse(body)
  const at = (path: string) => document[path.replace('$.', '')]
  const input = {
    path: (path: string) => at(path) ?? missing,
    json: (path: string) => JSON.stringify(at(path) ?? ''),
  }
  return velocity.render(text, { input })
}

const answer = (body: object, missing: string | null): unknown =>
  JSON.parse(render(response, render(request, JSON.stringify(body), missing), missing))

describe.each([null, ''])('if a missing path has the value %p', (missing) => {
  test.each(['7', 'a "quoted" one', '{"not":"parsed"}', 7, ['a'], { b: 1 }])(
    'the reply to ping has the id %p of the request',
    (id) => {
      expect(answer({ action: 'ping', id }, missing)).toEqual({ id, ok: true })
    },
  )

  test.each([{}, { id: null }, { id: '' }])('the reply to ping without an id has none: %p', (body) => {
    expect(answer({ action: 'ping', ...body }, missing)).toEqual({ ok: true })
  })

  test('the request template gives API Gateway a status of success', () => {
    expect(JSON.parse(render(request, '{"id":"7"}', missing))).toEqual({ statusCode: 200, id: '7' })
  })
})
