import { object, parse, text } from '../json.ts'
import type { Resolve } from './intrinsics.ts'
import type { Template } from './load.ts'
import { resolved } from './properties.ts'

export interface QueueDefinition {
  name: string
  arn: string
  url: string
  retentionMs: number
  visibilityMs: number
  delayMs: number
  waitMs: number
  largest: number
  /** Where a message goes that was received too often. */
  redrive?: { arn: string; receives: number }
}

const known = [
  ...['QueueName', 'MessageRetentionPeriod', 'VisibilityTimeout', 'DelaySeconds', 'ReceiveMessageWaitTimeSeconds'],
  ...['MaximumMessageSize', 'RedrivePolicy'],
  // These say who may read what is at rest, and how it is named: nothing a run on one machine would show.
  ...['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'RedriveAllowPolicy', 'SqsManagedSseEnabled', 'Tags'],
]

export function readQueues(template: Template, resolve: Resolve): QueueDefinition[] {
  return resolved(template, resolve, 'AWS::SQS::Queue', known).map(({ id, properties }) => {
    const ms = (name: string, seconds: number) => Number(properties[name] ?? seconds) * 1000
    const policy = object(
      typeof properties.RedrivePolicy === 'string' ? parse(properties.RedrivePolicy) : properties.RedrivePolicy,
    )
    const arn = text(policy.deadLetterTargetArn)
    return {
      name: String(resolve({ 'Fn::GetAtt': [id, 'QueueName'] })),
      arn: String(resolve({ 'Fn::GetAtt': [id, 'Arn'] })),
      url: String(resolve({ Ref: id })),
      retentionMs: ms('MessageRetentionPeriod', 345_600),
      visibilityMs: ms('VisibilityTimeout', 30),
      delayMs: ms('DelaySeconds', 0),
      waitMs: ms('ReceiveMessageWaitTimeSeconds', 0),
      largest: Number(properties.MaximumMessageSize ?? 1_048_576),
      ...(arn && { redrive: { arn, receives: Number(policy.maxReceiveCount) } }),
    }
  })
}
