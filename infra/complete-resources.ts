import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Token } from 'aws-cdk-lib/core'
import { otherFunctions, functions as routed } from './functions.ts'
import type {
  ChatDomain,
  CompleteResources,
  ExistingTables,
  FunctionDefaults,
  ResourceSettings,
} from './resource-settings.ts'

/** Fills in the defaults, and throws at the first setting that has no meaning. */
export function completeResources(settings: ResourceSettings): CompleteResources {
  const { tables = {}, encryptionKey, domain, retention = 30, removal = 'keep', protect = false } = settings
  const { functions = {} } = settings
  checkTables(tables)
  if (domain !== undefined) checkDomain(domain)
  checkRetention(retention)
  if (removal !== 'keep' && removal !== 'delete') {
    throw new Error(`"removal" must be "keep" or "delete"; it is "${String(removal)}".`)
  }
  if (removal === 'delete' && protect) {
    throw new Error('"protect" forbids what "removal" demands with "delete": leave one of them out.')
  }
  checkFunctions(functions)
  return { tables, encryptionKey, domain, retention, removal, protect, functions }
}

/** Megabytes of a function with these defaults. */
export function memoryOf(name: string, megabytes: number, { memory = {}, memoryScale = 1 }: FunctionDefaults): number {
  const scaled = Math.round(megabytes * memoryScale)
  return memory[name] ?? Math.min(mostMemory, Math.max(leastMemory, scaled))
}

/** What Lambda allows, in megabytes. */
const leastMemory = 128
const mostMemory = 10_240

const retentions = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
)

// A value of another resource is unknown until deployment: it passes.

function checkTables(tables: ExistingTables): void {
  const { messagesStream: stream, ...names } = tables
  for (const [holds, name] of Object.entries(names)) {
    if (name === undefined || Token.isUnresolved(name) || /^[A-Za-z0-9_.-]{3,255}$/.test(name)) continue
    throw new Error(`"tables" has "${name}" for ${holds}, which is not the name of a table.`)
  }
  const { messages } = names
  if (messages === undefined && stream !== undefined) {
    throw new Error('"messagesStream" is set without the table of messages: name the table in "tables" too.')
  }
  if (messages === undefined) return
  if (stream === undefined || stream === '') {
    throw new Error(
      `"tables" names the messages "${messages}" without their stream: switch it on with new images, and give its ARN as "messagesStream".`,
    )
  }
  if (Token.isUnresolved(stream) || Token.isUnresolved(messages)) return
  const table = /^arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/([^/]+)\/stream\/.+$/.exec(stream)?.[1]
  if (table === messages) return
  throw new Error(`"messagesStream" must be the ARN of a stream of the table "${messages}"; it is "${stream}".`)
}

function checkDomain({ name }: ChatDomain): void {
  if (Token.isUnresolved(name) || /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(name))
    return
  throw new Error(`"domain" must be a host name in small letters, such as chat.example.com; it is "${name}".`)
}

function checkRetention(days: number): void {
  if (retentions.some((known) => known === days)) return
  throw new Error(`"retention" must be one of ${retentions.sort((a, b) => a - b).join(', ')} days; it is "${days}".`)
}

function checkFunctions({ memory = {}, memoryScale = 1 }: FunctionDefaults): void {
  if (!(memoryScale > 0 && Number.isFinite(memoryScale))) {
    throw new Error(`"memoryScale" must be a number above 0; it is "${memoryScale}".`)
  }
  const names = [...routed, ...otherFunctions].map(({ name }) => name)
  for (const [name, megabytes] of Object.entries(memory)) {
    if (!names.includes(name)) {
      throw new Error(`"memory" names the function "${name}", which is none of ${names.sort().join(', ')}.`)
    }
    if (Number.isInteger(megabytes) && megabytes >= leastMemory && megabytes <= mostMemory) continue
    throw new Error(
      `"memory" of ${name} must be a whole number from ${leastMemory} to ${mostMemory}; it is "${megabytes}".`,
    )
  }
}
