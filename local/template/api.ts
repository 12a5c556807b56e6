import { list, object, strings, text } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import { resourcesOf, type Template } from './load.ts'
import { account, region } from './resources.ts'

export interface MockResponse {
  /** `$default`, or a regular expression between slashes. */
  key: string
  templates: Record<string, string>
  selection: string
}

export type Integration =
  | { kind: 'function'; arn: string; timeoutMs: number }
  | { kind: 'mock'; templates: Record<string, string>; selection: string; responses: MockResponse[] }

export interface Authorizer {
  arn: string
  identitySources: string[]
}

export interface Route {
  key: string
  integration: Integration
  /** Whether the result of the integration is sent to the client. */
  twoWay: boolean
  authorizer?: Authorizer
}

export interface Api {
  id: string
  stage: string
  /** `arn:…:<api>/<stage>`, with which every ARN of the API begins. */
  arn: string
  selection: string
  stageVariables: Record<string, string>
  routes: Map<string, Route>
}

/** Reads the WebSocket API of a template, with its routes. */
export function readApi(template: Template, resolve: Resolve): Api {
  const read = (type: string) =>
    resourcesOf(template, `AWS::ApiGatewayV2::${type}`).map(([id, resource]) => ({
      id: String(resolve({ Ref: id })),
      ...object(resolve(resource.properties)),
    })) as ({ id: string } & Record<string, unknown>)[]
  const [api, stage] = [only('API', read('Api')), only('stage', read('Stage'))]
  if (api.ProtocolType !== 'WEBSOCKET') throw new Error('The local run takes a WebSocket API')
  const responses = read('RouteResponse')
  const integrations = new Map(read('Integration').map((item) => [item.id, item]))
  const mockResponses = read('IntegrationResponse')
  const authorizers = new Map(read('Authorizer').map((item) => [item.id, item]))
  const routes = new Map<string, Route>()
  for (const route of read('Route')) {
    const integration = integrations.get(text(route.Target).replace(/^integrations\//, ''))
    if (!integration) throw new Error(`Route ${text(route.RouteKey)} has no integration`)
    const authorizer = readAuthorizer(route, authorizers.get(text(route.AuthorizerId)))
    routes.set(text(route.RouteKey), {
      key: text(route.RouteKey),
      integration: readIntegration(
        integration,
        mockResponses.filter((response) => response.IntegrationId === integration.id),
      ),
      twoWay:
        route.RouteResponseSelectionExpression !== undefined &&
        responses.some((response) => response.RouteId === route.id),
      ...(authorizer && { authorizer }),
    })
  }
  return {
    id: api.id,
    stage: text(stage.StageName),
    arn: `arn:aws:execute-api:${region}:${account}:${api.id}/${text(stage.StageName)}`,
    selection: text(api.RouteSelectionExpression),
    stageVariables: strings(stage.StageVariables),
    routes,
  }
}

function only<T>(what: string, items: T[]): T {
  const [item] = items
  if (item === undefined || items.length > 1) throw new Error(`The local run takes one ${what}, not ${items.length}`)
  return item
}

function readIntegration(source: Record<string, unknown>, responses: Record<string, unknown>[]): Integration {
  switch (source.IntegrationType) {
    case 'AWS_PROXY':
      return {
        kind: 'function',
        arn: functionArn(source.IntegrationUri),
        timeoutMs: Number(source.TimeoutInMillis ?? 29_000),
      }
    case 'MOCK':
      return {
        kind: 'mock',
        templates: strings(source.RequestTemplates),
        selection: text(source.TemplateSelectionExpression),
        responses: responses.map((response) => ({
          key: text(response.IntegrationResponseKey),
          templates: strings(response.ResponseTemplates),
          selection: text(response.TemplateSelectionExpression),
        })),
      }
  }
  throw new Error(`The local run does not know integrations of type ${source.IntegrationType}`)
}

function readAuthorizer(route: Record<string, unknown>, source: Record<string, unknown> | undefined) {
  const kind = route.AuthorizationType ?? 'NONE'
  if (kind === 'NONE') return undefined
  if (kind !== 'CUSTOM' || source?.AuthorizerType !== 'REQUEST') {
    throw new Error(`The local run does not know the authorization of route ${route.RouteKey}: ${kind}`)
  }
  return { arn: functionArn(source.AuthorizerUri), identitySources: list(source.IdentitySource).map(String) }
}

function functionArn(uri: unknown): string {
  const arn = /\/functions\/(.+)\/invocations$/.exec(text(uri))?.[1]
  if (!arn) throw new Error(`The local run does not know the integration address ${uri}`)
  return arn
}
