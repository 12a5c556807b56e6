import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Template } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { App, type Stack } from 'aws-cdk-lib/core'
import { settingsFromContext, stackNameFrom } from '../../infra/context.ts'
import { resourcesFrom } from '../../infra/resource-context.ts'
import { ChatStack } from '../../infra/stack.ts'

export type Properties = Record<string, unknown>

export interface Resource {
  Type: string
  Properties: Properties
  DependsOn?: string[]
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
}

export interface StackTemplate {
  Resources: Record<string, Resource>
  Outputs: Record<string, { Value: unknown }>
}

const { context: flags }: { context: Properties } = JSON.parse(readFileSync('cdk.json', 'utf8'))

/** A folder that stands for the code of a function and for the files of the page. */
export const emptyFolder = mkdtempSync(join(tmpdir(), 'no-code-'))
writeFileSync(join(emptyFolder, 'index.mjs'), '')

export const testApp = (context: Record<string, string> = {}) => new App({ context: { ...flags, ...context } })

/** The stack of `cdk synth` with these settings. The functions are not bundled. */
export function stackOf(context: Record<string, string> = {}): Stack {
  const app = testApp(context)
  const { demo, ...settings } = settingsFromContext(app.node)
  return new ChatStack(app, stackNameFrom(app.node), {
    ...settings,
    resources: resourcesFrom,
    code: () => Code.fromAsset(emptyFolder),
    ...(demo && { page: emptyFolder }),
  })
}

/** The template of `cdk synth` with these settings. */
export const synthesize = (context: Record<string, string> = {}): StackTemplate => templateOf(stackOf(context))

export function templateOf(stack: Stack): StackTemplate {
  const { Resources, Outputs } = Template.fromStack(stack).toJSON()
  return { Resources, Outputs: Outputs ?? {} }
}

/**
 * A template as a person writes it: a reference is text, such as `{TablesSessions.Arn}/index/byUser`, logical ids lack
 * the digits that CDK appends, and a hash of code is `<hash>`.
 */
export function readable(template: StackTemplate): StackTemplate {
  const { Resources, Outputs } = readableValue(template) as StackTemplate
  const count = Object.keys(Resources).length
  if (count !== Object.keys(template.Resources).length) throw new Error('Two logical ids differ only in their digits.')
  return { Resources, Outputs }
}

/** The readable template with these settings. */
export const readStack = (context: Record<string, string> = {}): StackTemplate => readable(synthesize(context))

function readableValue(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\b[0-9a-f]{64}\b/g, '<hash>')
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(readableValue)
  const reference = referenceText(value as Properties)
  if (reference !== undefined) return reference
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      isResource(inner) ? withoutDigits(name) : name,
      name === 'DependsOn' ? [inner].flat().map((id) => withoutDigits(String(id))) : readableValue(inner),
    ]),
  )
}

function referenceText(value: Properties): string | undefined {
  if (Object.keys(value).length !== 1) return undefined
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined, 'Fn::Sub': text } = value
  if (typeof Ref === 'string') return `{${withoutDigits(Ref)}}`
  if (Array.isArray(attribute)) return `{${withoutDigits(String(attribute[0]))}.${String(attribute[1])}}`
  if (typeof text === 'string') return text.replaceAll('${', '{')
  if (!Array.isArray(joined)) return undefined
  const [separator, parts] = joined
  return [parts].flat().map(readableText).join(String(separator))
}

function readableText(part: unknown): string {
  const text = readableValue(part)
  return typeof text === 'string' ? text : JSON.stringify(text)
}

const withoutDigits = (id: string) => id.replace(/[0-9A-F]{8}$/, '')
const isResource = (value: unknown) =>
  typeof value === 'object' && value !== null && 'Type' in value && /^(AWS|Custom)::/.test(String(value.Type))

/** The logical ids and properties of every resource of a type. */
export function ofType(template: StackTemplate, type: string): [id: string, properties: Properties][] {
  return Object.entries(template.Resources).flatMap(([id, resource]) =>
    resource.Type === type ? [[id, resource.Properties ?? {}] as [string, Properties]] : [],
  )
}

/** The properties of every resource of a type, by logical id. */
export const byId = (template: StackTemplate, type: string): Record<string, Properties> =>
  Object.fromEntries(ofType(template, type))

/** The properties of one resource of a readable template. */
export function propertiesOf(template: StackTemplate, id: string): Properties {
  const resource = template.Resources[id]
  if (resource === undefined) throw new Error(`The template has no resource ${id}.`)
  return resource.Properties
}

export interface Grant {
  action: string
  resource: string
}

/** Every action on every resource that a role of a readable template allows. */
export function grantsOf(role: Properties): Grant[] {
  const policies = role.Policies as { PolicyDocument: { Statement: Properties[] } }[]
  return policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap(({ Effect, Action, Resource, ...rest }) => {
      if (Effect !== 'Allow' || Object.keys(rest).length > 0) throw new Error(`Unexpected statement ${Effect} ${rest}`)
      return [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource) => ({ action: String(action), resource: String(resource) })),
        )
    }),
  )
}
