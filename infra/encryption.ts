import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Annotations, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { CompleteResources } from './resource-settings.ts'

/** A log group of a chat. Logs go with the stack. */
export function logGroup(
  scope: Construct,
  id: string,
  { retention, encryptionKey }: Pick<CompleteResources, 'retention' | 'encryptionKey'>,
): LogGroup {
  return new LogGroup(scope, id, {
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(encryptionKey && { encryptionKey }),
  })
}

/**
 * Lets CloudWatch Logs use the key for log groups of this account and Region. Their names are not known yet, and a key
 * that named them would wait for groups that wait for the key.
 */
export function allowLogs(scope: Construct, key: IKey): void {
  const { partition, region, account, urlSuffix } = Stack.of(scope)
  const { statementAdded } = key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.${urlSuffix}`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
      },
    }),
  )
  if (statementAdded) return
  Annotations.of(scope).addWarningV2(
    'persistent-chat:keyPolicy',
    'The policy of "encryptionKey" cannot be changed from here: it must let logs.<region>.amazonaws.com encrypt and decrypt, or no log group can be created.',
  )
}

/** Lets a role use the key through one service of AWS, which asks in the name of the role, and in no other way. */
export const useOfKey = (
  scope: Construct,
  { keyArn }: IKey,
  service: 'dynamodb' | 'sqs',
  actions: readonly string[],
): PolicyStatement =>
  new PolicyStatement({
    actions: actions.map((action) => `kms:${action}`),
    resources: [keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': `${service}.${Stack.of(scope).region}.${Stack.of(scope).urlSuffix}` },
    },
  })
