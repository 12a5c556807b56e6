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
  maxMessageBytes: number
  /** The dead-letter queue, and after how many receives a message goes there. */
  redrive?: { arn: string; receives: number }
}

const known = [
  ...['QueueName', 'MessageRetentionPeriod', 'VisibilityTimeout', 'DelaySeconds', 'ReceiveMessageWaitTimeSeconds'],
  ...['MaximumMessageSize', 'RedrivePolicy'],
  // Encryption, permissions and tags have no effect in a local run.
  ...['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'RedriveAllowPolicy', 'SqsManagedSseEnabled', 'Tags'],
]

/** Reads the queues of a template. */
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
      maxMessageBytes: Number(properties.MaximumMessageSize ?? 1_048_576),
      ...(arn && { redrive: { arn, receives: Number(policy.maxReceiveCount) } }),
    }
  })
}
