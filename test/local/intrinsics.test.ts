import { readTemplate } from '../../local/template/load.ts'
import { resolverFor } from '../../local/template/resources.ts'

const role = { Type: 'AWS::IAM::Role', Properties: {} }
const origin = 'http://127.0.0.1:3000'

function resolve(value: unknown, more: Record<string, unknown> = {}) {
  const Resources = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
    Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { TableName: 'things' } },
    Fn: { Type: 'AWS::Lambda::Function', Properties: {} },
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
    Role: role,
  }
  return resolverFor('Stack', readTemplate({ Resources, ...more }), origin)(value)
}

const api = ['https://', { Ref: 'Api' }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/v1']

test('references give the same names as in a deployment', () => {
  expect(resolve({ Ref: 'Table' })).toBe('things')
  expect(resolve({ Ref: 'Fn' })).toBe('Stack-Fn')
  expect(resolve({ 'Fn::GetAtt': ['Fn', 'Arn'] })).toBe('arn:aws:lambda:us-east-1:123456789012:function:Stack-Fn')
  expect(resolve({ 'Fn::GetAtt': 'Table.Arn' })).toBe('arn:aws:dynamodb:us-east-1:123456789012:table/things')
})

test('names are the same in every run', () => {
  expect(resolve({ Ref: 'Api' })).toBe(resolve({ Ref: 'Api' }))
  expect(resolve({ Ref: 'Api' })).toMatch(/^[a-z0-9]{10}$/)
})

test('Fn::Join, Fn::Select, Fn::Split and Fn::Sub are evaluated', () => {
  expect(resolve({ 'Fn::Join': ['-', ['a', { Ref: 'Table' }]] })).toBe('a-things')
  expect(resolve({ 'Fn::Select': [1, { 'Fn::Split': ['/', 'x/y/z'] }] })).toBe('y')
  expect(resolve({ 'Fn::Sub': `\${Table} \${Table.Arn} \${!kept} \${AWS::Partition}` })).toBe(
    `things arn:aws:dynamodb:us-east-1:123456789012:table/things \${kept} aws`,
  )
  expect(resolve({ 'Fn::Sub': [`\${name}!`, { name: { Ref: 'Table' } }] })).toBe('things!')
})

test('conditions select values and remove resources', () => {
  const more = {
    Parameters: { Size: { Type: 'String', Default: 'small' } },
    Conditions: {
      Small: { 'Fn::Equals': [{ Ref: 'Size' }, 'small'] },
      Large: { 'Fn::Not': [{ Condition: 'Small' }] },
      Both: { 'Fn::And': [{ Condition: 'Small' }, { Condition: 'Large' }] },
      Either: { 'Fn::Or': [{ Condition: 'Small' }, { Condition: 'Large' }] },
    },
    Resources: { StoredRecord: { ...role, Condition: 'Either' }, Gone: { ...role, Condition: 'Both' } },
  }
  expect(resolve({ 'Fn::If': ['Small', 1, 2] }, more)).toBe(1)
  expect(resolve({ a: { 'Fn::If': ['Large', 1, { Ref: 'AWS::NoValue' }] }, b: 2 }, more)).toEqual({ b: 2 })
  expect(resolve({ Ref: 'StoredRecord' }, more)).toBe('Stack-StoredRecord')
  expect(() => resolve({ Ref: 'Gone' }, more)).toThrow('refers to Gone')
})

test('the address of the API becomes one of this machine', () => {
  expect(resolve({ 'Fn::Join': ['', api] })).toBe(`${origin}/v1`)
  expect(resolve({ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] })).toBe('ws://127.0.0.1:3000')
})

test('the address of the issuer becomes one of this machine', () => {
  expect(resolve({ 'Fn::GetAtt': ['Pool', 'ProviderURL'] })).toMatch(
    /^http:\/\/127\.0\.0\.1:3000\/us-east-1_[a-z0-9]{9}$/,
  )
})

test('unknown types, functions, attributes and references are refused with their names', () => {
  const Resources = { Stream: { Type: 'AWS::Kinesis::Stream' }, Bus: { Type: 'AWS::Events::EventBus' } }
  expect(() => resolve('', { Resources })).toThrow(
    'does not know AWS::Kinesis::Stream (Stream), AWS::Events::EventBus (Bus). It runs AWS::ApiGatewayV2::Api',
  )
  expect(() => resolve({ 'Fn::ImportValue': 'x' })).toThrow('intrinsic function Fn::ImportValue')
  expect(() => resolve({ 'Fn::GetAtt': ['Fn', 'SnapStartResponse'] })).toThrow(
    'SnapStartResponse of AWS::Lambda::Function (Fn)',
  )
  expect(() => resolve({ Ref: 'Nothing' })).toThrow('refers to Nothing')
  expect(() => resolve({ Ref: 'Open' }, { Parameters: { Open: { Type: 'String' } } })).toThrow('Open has no default')
})
