import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../command/failure.ts'
import { visible } from '../command/visible.ts'

/** The settings of the stack; the README describes them. The CDK ignores names that it does not know. */
const known: readonly string[] = [
  ...['issuer', 'audience', 'tokenKeys', 'services', 'guests', 'allowedOrigins', 'adminGroup', 'chatDomain', 'epoch'],
  ...['accessLog', 'recordAddresses', 'demo', 'workers', 'postsPerSecond', 'unitsPerMinute', 'messagesPerMinute'],
  ...['roomsPerDay', 'roomsManaged', 'grantsPerRoom', 'invitationsPerDay', 'invitationsPerInviterPerDay'],
  ...['preferencesPerUser', 'preferenceBytesPerUser', 'blocksPerUser'],
  ...['tables', 'messagesStream', 'encryptionKey', 'domain', 'certificate', 'retention', 'removal', 'protect'],
  ...['tracing', 'logLevel', 'permissionsBoundary', 'alarms', 'dashboard', 'dailyBudget', 'accountConcurrency'],
]

/** Settings as `name=value`, by name. Throws a UsageError for a name that the stack does not know. */
export function settingsIn(words: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const word of words) {
    const [, name = '', value] = /^([^=]+)=(.*)$/s.exec(word) ?? []
    if (value === undefined) throw new UsageError(`"${visible(word)}" is no setting: write it as name=value.`)
    if (name === 'stack') throw new UsageError('The name of the stack is given with --stack.')
    if (!known.includes(name)) throw new UsageError(`There is no setting "${visible(name)}"${like(name)}.`)
    if (settings[name] !== undefined) throw new UsageError(`The setting "${name}" is given twice.`)
    settings[name] = value
  }
  return settings
}

function like(name: string): string {
  const near = known.filter((one) => one.toLowerCase().startsWith(name.toLowerCase().slice(0, 4)))
  return near.length > 0 ? `; there is ${near.join(', ')}` : '; the README lists them'
}

/** The settings that cdk.json holds, which need not be given. */
export function settingsOfFile(): Record<string, unknown> {
  const file = join(import.meta.dirname, '..', '..', 'cdk.json')
  const { context = {} }: { context?: Record<string, unknown> } = JSON.parse(readFileSync(file, 'utf8'))
  return context
}

/** The settings as arguments of the CDK. */
export const contextArguments = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
