import { byId, propertiesOf, readStack, type StackTemplate } from './stack.ts'

const template = readStack({ demo: 'true', accessLog: 'true' })

/** The resources that CloudFormation makes before this one, by reference or by `DependsOn`. */
function requiredBy(id: string, { Resources }: StackTemplate): Set<string> {
  const found = new Set<string>()
  const visit = (at: string) => {
    const { DependsOn = [], Properties } = Resources[at] ?? {}
    const references = JSON.stringify(Properties ?? {}).match(/\{\w+(\.\w+)?\}/g) ?? []
    const named = [...DependsOn, ...references.map((reference) => reference.replace(/^\{|(\.\w+)?\}$/g, ''))]
    for (const next of named) {
      if (Resources[next] === undefined || found.has(next)) continue
      found.add(next)
      visit(next)
    }
  }
  visit(id)
  return found
}

const parts = Object.entries(template.Resources)
  .filter(([, { Type }]) => /^AWS::ApiGatewayV2::(?!Api$|Stage$)/.test(Type))
  .map(([id]) => id)
const before = new Map([...parts, 'SocketStage'].map((id) => [id, requiredBy(id, template)]))

test('API Gateway gets one change of the API at a time: every part waits for all parts before it', () => {
  const counts = parts.map((id) => parts.filter((other) => before.get(id)?.has(other)).length)
  expect(counts.sort((a, b) => a - b)).toEqual(parts.map((_, position) => position))
})

test('a new stage is deployed with all parts', () => {
  expect(parts.filter((id) => !before.get('SocketStage')?.has(id))).toEqual([])
})

test('a route comes after the permission to invoke its function', () => {
  const permissions = Object.entries(byId(template, 'AWS::Lambda::Permission'))
  const permissionOf = (fn: unknown) =>
    permissions.find(([, { FunctionName, SourceArn }]) => FunctionName === fn && /\/chat\/\*$/.test(String(SourceArn)))
  const targets = Object.entries(byId(template, 'AWS::ApiGatewayV2::Route')).flatMap(([id, route]) => {
    const integration = /\{(\w+)\}/.exec(String(route.Target))?.[1] ?? ''
    const { IntegrationUri } = propertiesOf(template, integration)
    const fn = /\/functions\/(\{\w+\.Arn\})\//.exec(String(IntegrationUri))?.[1]
    return fn === undefined ? [] : [{ id, permission: permissionOf(fn)?.[0] ?? `none for ${fn}` }]
  })
  expect(targets.length).toBeGreaterThan(30)
  expect(targets.filter(({ id, permission }) => !before.get(id)?.has(permission))).toEqual([])
})

test('$connect comes after the permission to invoke the authorizer', () => {
  expect(before.get('SocketRouteconnect')).toContain('AuthorizerPermission')
})
