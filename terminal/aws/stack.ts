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
  logicalId: string
  type: string
  /** The name of a table, the id of a pool. */
  id: string
}

/** The resources that the template of a stack says to keep. */
export async function keptResources(aws: AwsCaller, stack: string): Promise<KeptResource[]> {
  const [reply, listed] = await Promise.all([
    aws.query('cloudformation', { Action: 'GetTemplate', StackName: stack }),
    aws.query('cloudformation', { Action: 'DescribeStackResources', StackName: stack }),
  ]).catch(noStack(aws, stack))
  const template: { Resources?: Record<string, { DeletionPolicy?: string }> } = JSON.parse(
    textIn(reply, 'TemplateBody') ?? '{}',
  )
  return membersIn(listed).flatMap((member) => {
    const [logicalId = '', type = '', id = ''] = ['LogicalResourceId', 'ResourceType', 'PhysicalResourceId'].map(
      (name) => textIn(member, name),
    )
    const isKept = /^Retain/.test(template.Resources?.[logicalId]?.DeletionPolicy ?? '')
    return isKept ? [{ logicalId, type, id }] : []
  })
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
