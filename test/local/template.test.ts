import { startEngine } from '../../local/dynamodb/engine.ts'
import { readApi } from '../../local/template/api.ts'
import { readTemplate } from '../../local/template/load.ts'
import { readOutputs } from '../../local/template/outputs.ts'
import { resolverFor } from '../../local/template/resources.ts'
import { readTables } from '../../local/template/tables.ts'
import { readUserPool } from '../../local/template/user-pool.ts'
import { echoResources, type Resources, route } from './echo-app.ts'
import { startEcho, stopAll } from './run.ts'

afterAll(stopAll)

function template(changes: Resources = {}, without: string[] = []) {
  const Resources = { ...echoResources, ...changes }
  for (const id of without) delete Resources[id]
  const read = readTemplate({ Resources })
  return { read, resolve: resolverFor('Echo', read, 'http://here') }
}

const api = (changes: Resources = {}, without: string[] = []) => {
  const { read, resolve } = template(changes, without)
  return readApi(read, resolve)
}

test('a route is two-way if it has a response and a response selection expression', () => {
  const routes = (changes?: Resources, without?: string[]) => api(changes, without).routes.get('ask')?.twoWay
  expect(routes()).toBe(true)
  expect(routes({}, ['AskRouteResponse'])).toBe(false)
  expect(
    routes({
      AskRoute: { ...route('AskRoute', 'ask', 'MessageIntegration', false).AskRoute, Type: 'AWS::ApiGatewayV2::Route' },
    }),
  ).toBe(false)
})

const integration = (Properties: Record<string, unknown>) => ({
  MessageIntegration: { Type: 'AWS::ApiGatewayV2::Integration', Properties },
})

test('a template with features that the gateway does not have is refused', () => {
  const Properties = { ProtocolType: 'HTTP' }
  const second = { Type: 'AWS::ApiGatewayV2::Api', Properties }
  expect(() => api({ Second: second })).toThrow('takes one API, not 2')
  expect(() => api({ Api: second })).toThrow('takes a WebSocket API')
  expect(() => api({}, ['Stage'])).toThrow('takes one stage, not 0')
  expect(() => api(integration({ IntegrationType: 'HTTP_PROXY' }))).toThrow('integrations of type HTTP_PROXY')
  expect(() => api(integration({ IntegrationType: 'AWS_PROXY', IntegrationUri: 'arn:x' }))).toThrow(
    'integration address arn:x',
  )
  const signed = route('AskRoute', 'ask', 'MessageIntegration', true, { AuthorizationType: 'AWS_IAM' })
  expect(() => api(signed)).toThrow('authorization of route ask: AWS_IAM')
})

test('a table has the definition of the template, without its stream', () => {
  const { read, resolve } = template()
  const [table] = readTables(read, resolve)
  expect(table).toMatchObject({ name: 'things', timeToLive: 'expiresAt' })
  expect(table?.definition).toMatchObject({
    TableName: 'things',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [{ IndexName: 'byOwner' }, { IndexName: 'hidden' }],
  })
  expect(table?.definition).not.toHaveProperty('StreamSpecification')
})

test('a second user pool is refused', () => {
  const { read, resolve } = template({ Second: { Type: 'AWS::Cognito::UserPool' } })
  expect(() => readUserPool(read, resolve)).toThrow('takes one user pool')
})

test('an unknown type of resource ends the start', async () => {
  await expect(startEcho({ changes: { Bus: { Type: 'AWS::Events::EventBus' } } })).rejects.toThrow(
    'AWS::Events::EventBus (Bus)',
  )
})

test('outputs have the values of a deployment', async () => {
  const { read, resolve } = template({ Jobs: { Type: 'AWS::SQS::Queue' } })
  read.outputs = {
    Address: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
    Jobs: { Value: { Ref: 'Jobs' }, Description: 'where the work is' },
  }
  expect(readOutputs(read, resolve)).toEqual({ Address: 'ws://here', Jobs: 'http://here/123456789012/Echo-Jobs' })
})

test('without a database the error names the three ways to get one', async () => {
  const { PATH } = process.env
  process.env.PATH = '/nowhere'
  try {
    await expect(startEngine({ root: '/nowhere' })).rejects.toThrow(
      /DYNAMODB_ENDPOINT .* @dynoxide\/linux-x64 .* dynoxide on the PATH/,
    )
  } finally {
    process.env.PATH = PATH
  }
})

test('the run serves its address and its outputs over HTTP, and 404 for other paths', async () => {
  const run = await startEcho()
  expect(await (await fetch(run.origin)).text()).toBe(`WebSocket: ${run.url}\n`)
  expect((await fetch(`${run.origin}/nothing`)).status).toBe(404)
  expect(await (await fetch(`${run.origin}/_local/outputs`)).json()).toEqual({})
  await run.stop()
})
