import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { contextReader, flag, list, whole } from './context.ts'
import type { ExistingTables, FunctionDefaults, ResourceSettings } from './resource-settings.ts'
import { tableNames } from './tables.ts'

/** The settings of `cdk deploy` that name resources of the account. The stack refers to them, and changes none. */
export function resourcesFrom(scope: Construct): ResourceSettings {
  const read = contextReader(scope.node)
  const [key, name, certificate] = [arn(read, 'encryptionKey', 'kms'), read('domain'), arn(read, 'certificate', 'acm')]
  if (name === undefined && certificate !== undefined) {
    throw new Error('"certificate" is set but "domain" is not: give both, or neither.')
  }
  if (name !== undefined && certificate === undefined) {
    throw new Error('"domain" is set but "certificate" is not: give the ARN of a certificate for that name.')
  }
  return {
    tables: tablesFrom(list(read('tables') ?? ''), read('messagesStream')),
    ...(key !== undefined && { encryptionKey: Key.fromKeyArn(scope, 'EncryptionKey', key) }),
    ...(name !== undefined &&
      certificate !== undefined && {
        domain: { name, certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificate) },
      }),
    retention: whole('retention', read('retention')),
    removal: removalFrom(read('removal')),
    protect: flag('protect', read('protect')),
    functions: functionsFrom(scope),
  }
}

function functionsFrom(scope: Construct): FunctionDefaults {
  const read = contextReader(scope.node)
  const boundary = arn(read, 'permissionsBoundary', 'iam')
  return {
    tracing: flag('tracing', read('tracing')),
    ...(boundary !== undefined && {
      permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(scope, 'PermissionsBoundary', boundary),
    }),
  }
}

/** Tables as `rooms=<name>,messages=<name>`. */
function tablesFrom(items: string[], messagesStream: string | undefined): ExistingTables {
  const tables: ExistingTables = { messagesStream }
  for (const item of items) {
    const [, holds, name] = /^([^=]+)=(.+)$/.exec(item) ?? []
    const known = tableNames.find((each) => each === holds)
    if (known === undefined) {
      throw new Error(`"tables" holds "${item}": each must be <what>=<name>, with what of ${tableNames.join(', ')}.`)
    }
    tables[known] = name
  }
  return tables
}

function removalFrom(value: string | undefined): ResourceSettings['removal'] {
  if (value === undefined || value === 'keep' || value === 'delete') return value
  throw new Error(`"removal" must be "keep" or "delete"; it is "${value}".`)
}

function arn(read: (name: string) => string | undefined, name: string, service: string): string | undefined {
  const value = read(name)
  if (value === undefined || new RegExp(`^arn:[^:]+:${service}:[^:]*:[^:]*:.+$`).test(value)) return value
  throw new Error(`"${name}" must be an ARN that begins with arn:aws:${service}:; it is "${value}".`)
}
