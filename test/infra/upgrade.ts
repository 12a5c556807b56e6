import type { Properties, Resource, StackTemplate } from './stack.ts'

/**
 * The properties whose change makes CloudFormation replace a resource, or refuse the update; from the reference of each
 * type. The types are those that hold data, or an address or an id that clients and operators have.
 */
const replacedBy: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::Stage': ['ApiId', 'StageName'],
  'AWS::CloudFront::Distribution': [],
  'AWS::Cognito::UserPool': ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration'],
  'AWS::Cognito::UserPoolClient': ['UserPoolId', 'GenerateSecret'],
  'AWS::Cognito::UserPoolDomain': ['Domain', 'UserPoolId'],
  'AWS::Cognito::UserPoolGroup': ['GroupName', 'UserPoolId'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  // Another mapping of the same stream and function would begin at the start of the stream.
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'StartingPosition', 'StartingPositionTimestamp'],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
}

/** Outputs whose values are in the settings of clients. */
const heldByClients = ['Url', 'Issuer', 'UserPoolId', 'ClientId', 'Page']

/** What an update of a stack would break: one sentence for each finding. */
export function findings(before: StackTemplate, after: StackTemplate): string[] {
  return [
    ...Object.entries(before.Resources).flatMap(([id, old]) => lost(id, old, after.Resources[id])),
    ...Object.keys(before.Outputs)
      .filter((name) => after.Outputs[name] === undefined)
      .map((name) => `The output ${name} disappears.`),
    ...heldByClients
      .filter((name) => before.Outputs[name] && after.Outputs[name])
      .filter((name) => !isSame(before.Outputs[name]?.Value, after.Outputs[name]?.Value))
      .map((name) => `The output ${name} has another value.`),
    ...routesOf(before)
      .filter((key) => !routesOf(after).includes(key))
      .map((key) => `The route ${key} disappears.`),
  ]
}

function lost(id: string, old: Resource, now: Resource | undefined): string[] {
  const properties = replacedBy[old.Type]
  if (properties === undefined) return []
  const what = `${old.Type} ${id}`
  if (now === undefined) return [`${what} disappears.`]
  if (now.Type !== old.Type) return [`${what} becomes a ${now.Type}.`]
  const [was, is] = [old.Properties ?? {}, now.Properties ?? {}]
  return [
    ...properties
      .filter((name) => !isSame(was[name], is[name]))
      .map((name) => `${what} is replaced, since ${name} changes.`),
    ...indexesLost(what, was, is),
    ...attributesLost(what, was, is),
    ...(isKept(old) && !isKept(now) ? [`${what} is no longer kept when the stack is deleted.`] : []),
  ]
}

/** DynamoDB changes one index of a table in an update, and an index with other keys is another index. */
function indexesLost(what: string, was: Properties, is: Properties): string[] {
  const [old, now] = [was, is].map(({ GlobalSecondaryIndexes: all = [] }) => all as Properties[])
  const names = (all: Properties[] = []) => all.map(({ IndexName }) => String(IndexName))
  const keys = (all: Properties[] = [], name: string) => all.find(({ IndexName }) => IndexName === name)?.KeySchema
  const shared = names(old).filter((name) => names(now).includes(name))
  const changes = names(old).length + names(now).length - 2 * shared.length
  return [
    ...(changes > 1 ? [`${what} changes ${changes} indexes in one update.`] : []),
    ...shared
      .filter((name) => !isSame(keys(old, name), keys(now, name)))
      .map((name) => `${what} has other keys in the index ${name}.`),
  ]
}

/** A user pool takes more attributes, and never fewer or others. */
function attributesLost(what: string, was: Properties, is: Properties): string[] {
  const [old, now] = [was, is].map(({ Schema = [] }) => (Schema as unknown[]).map(canonical))
  return (old ?? [])
    .filter((attribute) => !now?.includes(attribute))
    .map((attribute) => `${what} loses the attribute ${attribute}.`)
}

const isKept = ({ DeletionPolicy }: Resource): boolean => /^Retain/.test(DeletionPolicy ?? '')

const routesOf = ({ Resources }: StackTemplate): string[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .map(({ Properties }) => String(Properties.RouteKey))

const isSame = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other)

/** A value as text, whatever the order of its names. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nothing'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([name, inner]) => `${name}:${canonical(inner)}`).join(',')}}`
}
