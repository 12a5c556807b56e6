import velocity from 'velocityjs'
import { synthesize, the } from './stack.ts'

const template = synthesize()
const templateOf = (type: string, name: string, property: string): string => {
  const templates = the(template, type, name)[1][property] as Record<string, string>
  return templates.$default ?? ''
}
const request = templateOf('AWS::ApiGatewayV2::Integration', 'SocketTemplateIntegration', 'RequestTemplates')
const response = templateOf('AWS::ApiGatewayV2::IntegrationResponse', 'SocketTemplateResponse', 'ResponseTemplates')

/** API Gateway's `$input`: what it gives for a path that is not there is not written down, so both are tried. */
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

describe.each([null, ''])('where a missing path reads as %p', (missing) => {
  test.each(['7', 'a "quoted" one', '{"not":"parsed"}', 7, ['a'], { b: 1 }])('ping hands %p back', (id) => {
    expect(answer({ action: 'ping', id }, missing)).toEqual({ id, ok: true })
  })

  test.each([{}, { id: null }, { id: '' }])('ping without an id is answered without one: %p', (body) => {
    expect(answer({ action: 'ping', ...body }, missing)).toEqual({ ok: true })
  })

  test('the request asks the gateway for success', () => {
    expect(JSON.parse(render(request, '{"id":"7"}', missing))).toEqual({ statusCode: 200, id: '7' })
  })
})
