import { entries, list, object, text } from '../json.ts'
import type { Resolve } from '../template/intrinsics.ts'
import { listOf, resourcesOf, type Template } from '../template/load.ts'

/** Whether the policies of a role allow an action on a resource. */
export type Allows = (action: string, resource: string) => boolean

interface Statement {
  allow: boolean
  actions: RegExp[]
  resources: RegExp[]
}

/** Managed policies whose permissions a local run does not need. */
const ignoredPolicies = ['AWSLambdaBasicExecutionRole', 'AmazonAPIGatewayPushToCloudWatchLogs']

/** Reads the policies of all roles, by ARN of the role. */
export function readGrants(template: Template, resolve: Resolve): Map<string, Allows> {
  const statements = new Map<string, Statement[]>()
  const arns = new Map<string, string>()
  for (const [id, role] of resourcesOf(template, 'AWS::IAM::Role')) {
    const arn = String(resolve({ 'Fn::GetAtt': [id, 'Arn'] }))
    arns.set(String(resolve({ Ref: id })), arn)
    const properties = object(resolve(role.properties))
    for (const managed of list(properties.ManagedPolicyArns).map(String)) {
      if (!ignoredPolicies.some((name) => managed.endsWith(`/${name}`))) {
        throw new Error(`The local run does not know the managed policy ${managed} of role ${id}`)
      }
    }
    statements.set(
      arn,
      listOf(properties.Policies).flatMap((policy) => read(id, policy.PolicyDocument)),
    )
  }
  for (const [id, policy] of resourcesOf(template, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')) {
    const properties = object(resolve(policy.properties))
    for (const name of list(properties.Roles).map(String)) {
      statements.get(arns.get(name) ?? '')?.push(...read(id, properties.PolicyDocument))
    }
  }
  return new Map([...statements].map(([arn, ofRole]) => [arn, decide(ofRole)]))
}

/** An explicit denial overrides permissions; an action that no statement allows is denied. */
function decide(statements: Statement[]): Allows {
  return (action, resource) => {
    let allowed = false
    for (const { allow, actions, resources } of statements) {
      if (!actions.some((pattern) => pattern.test(action))) continue
      if (!resources.some((pattern) => pattern.test(resource))) continue
      if (!allow) return false
      allowed = true
    }
    return allowed
  }
}

const isEmulated = (action: string) => /^(\*|dynamodb:|execute-api:|lambda:|sqs:)/i.test(action)

function read(id: string, document: unknown): Statement[] {
  return [object(document).Statement].flat().flatMap((source) => {
    const statement = object(source)
    const actions = [statement.Action].flat().map(text).filter(isEmulated)
    if (actions.length === 0 && !statement.NotAction) return []
    for (const part of ['NotAction', 'NotResource']) {
      if (statement[part]) throw new Error(`The local run does not know ${part} in the policy ${id}`)
    }
    if (entries(statement.Condition).length > 0) {
      throw new Error(`The local run does not know conditions in the policy ${id}`)
    }
    return {
      allow: statement.Effect === 'Allow',
      actions: actions.map((action) => pattern(action, 'i')),
      resources: [statement.Resource].flat().map((resource) => pattern(text(resource))),
    }
  })
}

/** A pattern of IAM as a regular expression: `*` matches any text, `?` one character. */
export function pattern(source: string, flags = ''): RegExp {
  const escaped = source
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, `${flags}s`)
}
