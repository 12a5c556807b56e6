import { render } from 'velocityjs'
import { isObject, list, parse } from '../json.ts'
import type { Integration, MockResponse } from '../template/api.ts'
import type { RequestContext } from './events.ts'
import { evaluate } from './select-route.ts'

type Mock = Extract<Integration, { kind: 'mock' }>

/** Answers a frame with the mock's templates. Returns undefined if the integration fails. */
export function answerMock(mock: Mock, body: string, context: RequestContext): string | undefined {
  // Without a request template the frame itself must contain the status code.
  const template = chosen(mock.templates, mock.selection, body)
  const answer = template === undefined ? body : rendered(template, body, context)
  const parsed = parse(answer)
  const status = isObject(parsed) ? Number(parsed.statusCode) : Number.NaN
  if (!Number.isInteger(status)) return undefined
  const response = responseFor(mock.responses, String(status))
  const responseTemplate = response && chosen(response.templates, response.selection, body)
  return responseTemplate === undefined ? answer : rendered(responseTemplate, answer, context)
}

function chosen(templates: Record<string, string>, selection: string, body: string): string | undefined {
  const key = selection ? evaluate(selection, parse(body)) : '$default'
  return templates[key] ?? templates.$default ?? templates['application/json']
}

/** A key between slashes is a regular expression for the status code; `$default` matches the other codes. */
function responseFor(responses: MockResponse[], status: string): MockResponse | undefined {
  const matching = responses.find(({ key }) => {
    const expression = /^\/(.*)\/$/.exec(key)?.[1]
    return expression !== undefined && new RegExp(`^(?:${expression})$`).test(status)
  })
  return matching ?? responses.find(({ key }) => key === '$default')
}

/** Renders a mapping template. It may use `$input`, `$context` and `$util`. */
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

/** Selects one value by a path such as `$`, `$.a.b` or `$['a'][0]`. */
function select(source: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]'"$]+/g) ?? []
  return steps.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return list(value)[Number(step)]
    return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }, source)
}
