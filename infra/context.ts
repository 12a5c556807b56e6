import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import type { Node } from 'constructs'
import { defaultQuotas } from '../lambdas/bindings.ts'
import type { ChatSettings } from './settings.ts'
import { tokensFrom } from './token-context.ts'

/** The settings of `cdk deploy`. */
export interface ContextSettings extends ChatSettings {
  /** Actions of the alarms; false for no alarms. */
  alarms: readonly IAlarmAction[] | false
  /** Whether the stack serves the web page as well. */
  demo: boolean
}

/** Reads the settings from `-c name=value` and from the context of cdk.json. A name without a value has its default. */
export function settingsFromContext(node: Node): ContextSettings {
  const read = contextReader(node)
  return {
    ...tokensFrom({
      issuers: list(read('issuer') ?? ''),
      audiences: list(read('audience') ?? ''),
      keys: read('tokenKeys') ?? '',
      services: list(read('services') ?? ''),
    }),
    guests: list(read('guests') ?? ''),
    adminGroup: read('adminGroup'),
    allowedOrigins: list(read('allowedOrigins') ?? ''),
    chatDomain: read('chatDomain'),
    epoch: read('epoch'),
    accessLog: flag('accessLog', read('accessLog')),
    workers: whole('workers', read('workers')),
    postsPerSecond: whole('postsPerSecond', read('postsPerSecond')),
    quotas: Object.fromEntries(Object.keys(defaultQuotas).map((name) => [name, whole(name, read(name))])),
    recordAddresses: flag('recordAddresses', read('recordAddresses')),
    dashboard: flag('dashboard', read('dashboard')),
    dailyBudget: dollars('dailyBudget', read('dailyBudget')),
    accountConcurrency: whole('accountConcurrency', read('accountConcurrency')),
    alarms: actions(read('alarms') ?? ''),
    // Checked with the other settings.
    logLevel: read('logLevel') as ChatSettings['logLevel'],
    demo: flag('demo', read('demo')) ?? false,
  }
}

/** The name of the stack. Two stacks of different names stand side by side in one account. */
export function stackNameFrom(node: Node): string {
  const name = contextReader(node)('stack') ?? 'PersistentChat'
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) return name
  throw new Error(`"stack" must be a letter and up to 127 letters, digits and "-"; it is "${name}".`)
}

const settingNames = new Set<string>()

/**
 * Throws at a name that nothing has read, and that looks like a setting. The context has names of the CDK and of other
 * programs as well.
 */
export function checkSettingNames(node: Node): void {
  for (const name of Object.keys(node.getAllContext())) {
    const meant = settingNames.has(name) ? undefined : [...settingNames].find((one) => isAlike(one, name))
    if (meant !== undefined) throw new Error(`There is no setting "${name}"; there is ${meant}.`)
  }
}

/** Whether two names have the same letters, or begin alike. */
function isAlike(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()]
  return a.slice(0, 4) === b.slice(0, 4) || [...a].sort().join('') === [...b].sort().join('')
}

/** Reads plain values, as text. */
export const contextReader =
  (node: Node) =>
  (name: string): string | undefined => {
    settingNames.add(name)
    const value: unknown = node.tryGetContext(name)
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    throw new Error(`The context value "${name}" must be plain text.`)
  }

/** The ARNs of topics, or of other things that an alarm may start. */
function actions(value: string): readonly IAlarmAction[] | false {
  if (value === 'false') return false
  return list(value).map((arn) => {
    if (!/^arn:[^:]+:[^:]+:/.test(arn)) throw new Error(`"alarms" must be ARNs of topics, or false; it is "${value}".`)
    return { bind: () => ({ alarmActionArn: arn }) }
  })
}

export function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

export function whole(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (value.trim() !== '' && Number.isInteger(number)) return number
  throw new Error(`"${name}" must be a whole number; it is "${value}".`)
}

function dollars(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (value.trim() !== '' && Number.isFinite(number)) return number
  throw new Error(`"${name}" must be a number of dollars; it is "${value}".`)
}

export function flag(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined
  if (value !== 'true' && value !== 'false') throw new Error(`"${name}" must be true or false; it is "${value}".`)
  return value === 'true'
}
