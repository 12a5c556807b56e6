import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Template } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { App } from 'aws-cdk-lib/core'
import { ChatStack } from '../../infra/chat.ts'
import { settingsOf } from '../../infra/settings.ts'

export interface Resource {
  Type: string
  Properties: Record<string, unknown>
  DeletionPolicy?: string
}

export interface StackTemplate {
  Resources: Record<string, Resource>
  Outputs: Record<string, { Value: unknown }>
}

const flags: { context: Record<string, unknown> } = JSON.parse(readFileSync('cdk.json', 'utf8'))
const empty = mkdtempSync(join(tmpdir(), 'no-code-'))
writeFileSync(join(empty, 'index.mjs'), '')

/** The template that `cdk synth` would write, without bundling a single function. */
export function synthesize(context: Record<string, string> = {}): StackTemplate {
  const app = new App({ context: { ...flags.context, ...context } })
  const settings = settingsOf(app.node)
  const stack = new ChatStack(app, 'PersistentChat', {
    settings,
    codeOf: () => Code.fromAsset(empty),
    page: () => empty,
  })
  const { Resources, Outputs } = Template.fromStack(stack).toJSON()
  return { Resources, Outputs }
}

export function ofType(template: StackTemplate, type: string): [string, Record<string, unknown>][] {
  return Object.entries(template.Resources).flatMap(([id, resource]) =>
    resource.Type === type ? [[id, resource.Properties] as [string, Record<string, unknown>]] : [],
  )
}

/** The one resource of a type whose logical id begins so. */
export function the(template: StackTemplate, type: string, name: string): [string, Record<string, unknown>] {
  const found = ofType(template, type).filter(([id]) => new RegExp(`^${name}[0-9A-F]{8}$`).test(id))
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`${found.length} resources ${type} are named ${name}`)
  return only
}

/** Intrinsic functions as they read in a `Fn::Sub`: `${Table.Arn}/index/byUser`. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null) {
    if ('Ref' in value) return `\${${String(value.Ref)}}`
    if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `\${${value['Fn::GetAtt'].join('.')}}`
    if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
      const [between, parts] = value['Fn::Join']
      if (Array.isArray(parts)) return parts.map(plain).join(String(between))
    }
  }
  throw new Error(`Not text: ${JSON.stringify(value)}`)
}

export interface Grant {
  action: string
  resource: string
}

interface Policy {
  PolicyDocument: { Statement: { Effect: string; Action: string | string[]; Resource: unknown }[] }
}

/** Every action on every resource that a role allows, one by one. */
export function grantsOf(role: Record<string, unknown>): Grant[] {
  const policies = role.Policies as Policy[]
  return policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap((statement) =>
      [statement.Action].flat().flatMap((action) => {
        const resources: unknown[] = Array.isArray(statement.Resource) ? statement.Resource : [statement.Resource]
        return resources.map((resource) => ({ action, resource: plain(resource) }))
      }),
    ),
  )
}

export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
