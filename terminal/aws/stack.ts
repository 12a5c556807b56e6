import { Failure } from '../command/failure.ts'
import { type AwsCaller, AwsError } from './caller.ts'
import { membersIn, textIn } from './xml.ts'

/** The outputs of a stack, by name. */
export async function outputsOf(aws: AwsCaller, stack: string): Promise<Record<string, string>> {
  const reply = await aws
    .query('cloudformation', { Action: 'DescribeStacks', StackName: stack })
    .catch(noStack(aws, stack))
  const outputs = membersIn(reply).flatMap((member) => {
    const [name, value] = [textIn(member, 'OutputKey'), textIn(member, 'OutputValue')]
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(outputs)
}

/** A resource that stays when its stack is deleted. */
export interface KeptResource {
  /** Undefined for a table that is no part of the stack, and only named by its settings. */
  logicalId?: string
  /** What the chat has in a table that is only named: `rooms`. */
  holds?: string
  type: string
  /** The name of a table, the id of a pool. */
  id: string
}

interface TemplateResource {
  DeletionPolicy?: string
  Properties?: { Environment?: { Variables?: Record<string, unknown> } }
}

/** The resources that the template of a stack says to keep, and the tables that its functions use by a name from outside. */
export async function keptResources(aws: AwsCaller, stack: string): Promise<KeptResource[]> {
  const [reply, listed] = await Promise.all([
    aws.query('cloudformation', { Action: 'GetTemplate', StackName: stack }),
    aws.query('cloudformation', { Action: 'DescribeStackResources', StackName: stack }),
  ]).catch(noStack(aws, stack))
  const template: { Resources?: Record<string, TemplateResource> } = JSON.parse(textIn(reply, 'TemplateBody') ?? '{}')
  if (!isChat(Object.values(template.Resources ?? {})))
    throw new Failure(`The stack "${stack}" in ${aws.region} is no chat; nothing was done.`, 'misfit')
  const kept = membersIn(listed).flatMap((member) => {
    const [logicalId = '', type = '', id = ''] = ['LogicalResourceId', 'ResourceType', 'PhysicalResourceId'].map(
      (name) => textIn(member, name),
    )
    const isKept = /^Retain/.test(template.Resources?.[logicalId]?.DeletionPolicy ?? '')
    return isKept ? [{ logicalId, type, id }] : []
  })
  return [...kept, ...namedTables(Object.values(template.Resources ?? {}))]
}

/** The functions of a chat have the name of its table of rooms. */
const isChat = (resources: readonly TemplateResource[]): boolean =>
  resources.some(({ Properties }) => 'ROOMS_TABLE' in (Properties?.Environment?.Variables ?? {}))

/** A table of the stack is a reference in the variables of a function; one from outside stands there by its name. */
function namedTables(resources: readonly TemplateResource[]): KeptResource[] {
  const tables = new Map<string, string>()
  for (const { Properties } of resources) {
    for (const [variable, value] of Object.entries(Properties?.Environment?.Variables ?? {})) {
      const holds = /^([A-Z]+)_TABLE$/.exec(variable)?.[1]?.toLowerCase()
      if (holds !== undefined && typeof value === 'string') tables.set(holds, value)
    }
  }
  return [...tables].map(([holds, id]) => ({ holds, type: 'AWS::DynamoDB::Table', id }))
}

const noStack =
  (aws: AwsCaller, stack: string) =>
  (error: unknown): never => {
    if (!(error instanceof AwsError && error.code === 'ValidationError')) throw error
    throw new Failure(
      `There is no stack "${stack}" in ${aws.region}: give its name with --stack, or another AWS_REGION or AWS_PROFILE.`,
      'not_found',
    )
  }
