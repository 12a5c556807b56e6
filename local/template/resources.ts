import { createHash } from 'node:crypto'
import { type Json, text } from '../json.ts'
import { type Resolve, resolver } from './intrinsics.ts'
import type { Template } from './load.ts'

export const region = 'us-east-1'
export const account = '123456789012'
const suffix = 'amazonaws.com'

/** Types of resources that the local run implements. */
const supportedTypes = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::RouteResponse',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::IntegrationResponse',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::SQS::Queue',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
]

/** Types of resources that have no effect in a local run. */
const ignoredTypes = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolGroup',
  'AWS::Events::Rule',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::SNS::Topic',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]

/** Throws if the template has a resource of another type. */
export function checkTypes(template: Template): void {
  const known = new Set([...supportedTypes, ...ignoredTypes])
  const unknown = [...template.resources].filter(([, resource]) => !known.has(resource.type))
  if (unknown.length === 0) return
  const named = unknown.map(([id, resource]) => `${resource.type} (${id})`).join(', ')
  throw new Error(`The local run does not know ${named}. It runs ${supportedTypes.join(', ')}.`)
}

/** An id that is the same in every run, so that tokens and stored data stay valid after a restart. */
const stableId = (seed: string, length: number) => {
  const hash = createHash('sha256').update(seed).digest()
  return Array.from(hash.subarray(0, length), (byte) => (byte % 36).toString(36)).join('')
}

/**
 * Resolves a template, with names of resources as in a deployment. Addresses of the API and of the user pool's issuer
 * become addresses at `origin`.
 */
export function resolverFor(stack: string, template: Template, origin: string): Resolve {
  checkTypes(template)
  const pseudo = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': suffix,
    'AWS::StackName': stack,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack}/local`,
  }
  const resourceOf = (id: string) => {
    const resource = template.resources.get(id)
    if (!resource) throw new Error(`The template refers to ${id}, which it does not have`)
    return resource
  }
  const property = (properties: Json, name: string) => text(resolve(properties[name]))
  const ref = (id: string): string => {
    const { type, properties } = resourceOf(id)
    const given = (name: string) => property(properties, name) || `${stack}-${id}`
    switch (type) {
      case 'AWS::ApiGatewayV2::Api':
        return stableId(`${stack}/${id}`, 10)
      case 'AWS::ApiGatewayV2::Stage':
        return property(properties, 'StageName')
      case 'AWS::Lambda::Function':
        return given('FunctionName')
      case 'AWS::DynamoDB::GlobalTable':
      case 'AWS::DynamoDB::Table':
        return given('TableName')
      case 'AWS::IAM::Role':
        return given('RoleName')
      case 'AWS::Logs::LogGroup':
        return given('LogGroupName')
      case 'AWS::Cognito::UserPool':
        return `${region}_${stableId(`${stack}/${id}`, 9)}`
      case 'AWS::Cognito::UserPoolClient':
        return stableId(`${stack}/${id}`, 26)
      case 'AWS::Cognito::UserPoolDomain':
        return property(properties, 'Domain')
      case 'AWS::SNS::Topic':
        return attribute(id, 'Arn')
      case 'AWS::SQS::Queue':
        return `${origin}/${account}/${given('QueueName')}`
    }
    return type.startsWith('AWS::ApiGatewayV2::') ? id : `${stack}-${id}`
  }
  const attribute = (id: string, name: string): string => {
    const { type } = resourceOf(id)
    const value = attributes[type]?.[name]?.(type === 'AWS::SNS::Topic' ? `${stack}-${id}` : ref(id))
    if (value !== undefined) return value
    if (name === 'Arn' && ignoredTypes.includes(type)) return `arn:aws:local:${region}:${account}:${ref(id)}`
    throw new Error(`The local run does not know the attribute ${name} of ${type} (${id})`)
  }
  const api = new RegExp(`\\b(https|wss)://[a-z0-9]+\\.execute-api\\.${region}\\.${suffix.replace('.', '\\.')}`, 'g')
  const issuer = `https://cognito-idp.${region}.${suffix}`
  const rewrite = (value: string) =>
    value
      .replace(api, (_, scheme: string) => (scheme === 'wss' ? origin.replace(/^http/, 'ws') : origin))
      .replaceAll(issuer, origin)
  const resolve = resolver(template, { ref, attribute, pseudo, rewrite })
  return resolve
}

type Attributes = Record<string, Record<string, (ref: string) => string>>

const tableArn = (name: string) => `arn:aws:dynamodb:${region}:${account}:table/${name}`

/** AWS names a stream by its creation time; here the name is always the same. */
const tableAttributes = {
  Arn: tableArn,
  StreamArn: (name: string) => `${tableArn(name)}/stream/2026-01-01T00:00:00.000`,
  TableId: (name: string) => name,
}

const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

const attributes: Attributes = {
  'AWS::ApiGatewayV2::Api': {
    ApiId: (id) => id,
    ApiEndpoint: (id) => `wss://${id}.execute-api.${region}.${suffix}`,
  },
  'AWS::ApiGatewayV2::Authorizer': { AuthorizerId: (id) => id },
  'AWS::Lambda::Function': { Arn: (name) => `arn:aws:lambda:${region}:${account}:function:${name}` },
  'AWS::DynamoDB::GlobalTable': tableAttributes,
  'AWS::DynamoDB::Table': tableAttributes,
  'AWS::IAM::Role': { Arn: (name) => `arn:aws:iam::${account}:role/${name}`, RoleId: (name) => name },
  'AWS::Logs::LogGroup': { Arn: (name) => `arn:aws:logs:${region}:${account}:log-group:${name}:*` },
  'AWS::SNS::Topic': { Arn: (name) => `arn:aws:sns:${region}:${account}:${name}`, TopicName: (name) => name },
  'AWS::SNS::Subscription': {},
  'AWS::SQS::Queue': {
    Arn: (url) => `arn:aws:sqs:${region}:${account}:${nameOf(url)}`,
    QueueName: nameOf,
    QueueUrl: (url) => url,
  },
  'AWS::Cognito::UserPool': {
    Arn: (id) => `arn:aws:cognito-idp:${region}:${account}:userpool/${id}`,
    ProviderName: (id) => `cognito-idp.${region}.${suffix}/${id}`,
    ProviderURL: (id) => `https://cognito-idp.${region}.${suffix}/${id}`,
    UserPoolId: (id) => id,
  },
  'AWS::Cognito::UserPoolClient': { ClientId: (id) => id },
}
