import { render } from 'velocityjs'
import { isObject, list, parse } from '../json.ts'
import type { Integration, MockResponse } from '../template/api.ts'
import type { RequestContext } from './events.ts'
import { evaluate } from './select-route.ts'

type Mock = Extract<Integration, { kind: 'mock' }>

/** Answers a frame from the templates alone. Undefined stands for a failed integration. */
export function answerMock(mock: Mock, body: string, context: RequestContext): string | undefined {
  // Without a template for it the body passes through, and must name the status code itself.
  const template = chosen(mock.templates, mock.selection, body)
  const answer = template === undefined ? body : rendered(template, body, context)
  const parsed = parse(answer)
  const status = isObject(parsed) ? Number(parsed.statusCode) : Number.NaN
  if (!Number.isInteger(status)) return undefined
  const response = responseFor(mock.responses, String(status))
  const shape = response && chosen(response.templates, response.selection, body)
  return shape === undefined ? answer : rendered(shape, answer, context)
}

function chosen(templates: Record<string, string>, selection: string, body: string): string | undefined {
  const key = selection ? evaluate(selection, parse(body)) : '$default'
  return templates[key] ?? templates.$default ?? templates['application/json']
}

/** A key between slashes is a regular expression over the status code; `$default` takes what none of them does. */
function responseFor(responses: MockResponse[], status: string): MockResponse | undefined {
  const matching = responses.find(({ key }) => {
    const expression = /^\/(.*)\/$/.exec(key)?.[1]
    return expression !== undefined && new RegExp(`^(?:${expression})$`).test(status)
  })
  return matching ?? responses.find(({ key }) => key === '$default')
}

/** The part of the mapping template reference that needs no AWS: `$input`, `$context`, `$util`. */
function rendered(template: string, body: string, context: RequestContext): string {
  const source = parse(body)
  return render(template, {
    input: {
      body,
      json: (path: string) => JSON.stringify(select(source, path) ?? ''),
      path: (path: string) => select(source, path) ?? '',
    },
    context,
    util: {
      escapeJavaScript: (value: unknown) => JSON.stringify(String(value)).slice(1, -1).replaceAll("'", "\\'"),
      parseJson: (value: unknown) => parse(String(value)),
      urlEncode: (value: unknown) => encodeURIComponent(String(value)),
      urlDecode: (value: unknown) => decodeURIComponent(String(value)),
      base64Encode: (value: unknown) => Buffer.from(String(value)).toString('base64'),
      base64Decode: (value: unknown) => Buffer.from(String(value), 'base64').toString(),
    },
  }).trim()
}

/** `$`, `$.a.b`, `$['a'][0]`: the paths that lead to one value. */
function select(source: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]'"$]+/g) ?? []
  return steps.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return list(value)[Number(step)]
    return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }, source)
}
