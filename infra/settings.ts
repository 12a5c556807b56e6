import type { Node } from 'constructs'

export interface IssuerSettings {
  issuer: string
  audience: string
}

export interface Settings {
  /** Nothing: the stack makes a user pool of its own. */
  tokens: IssuerSettings | undefined
  adminGroup: string
  /** Exact origins, separated by commas. Empty: no browser page may connect. */
  allowedOrigins: string
  chatDomain: string
  epoch: string
  accessLog: boolean
  /** Workers of large rooms that run at once, kept apart from the concurrency of everything else; 0 keeps none apart. */
  workers: number
  /** What the account may post to connections in a second, less what small rooms need. */
  postsPerSecond: number
  /** The web page goes with the stack. */
  demo: boolean
}

/** What `-c name=value` or the context of cdk.json says. */
export function settingsOf(node: Node): Settings {
  const read = (name: string, fallback: string): string => {
    const value: unknown = node.tryGetContext(name) ?? fallback
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    throw new Error(`The context value "${name}" must be plain text.`)
  }
  return {
    tokens: tokenSource(read('issuer', ''), read('audience', '')),
    adminGroup: named('adminGroup', read('adminGroup', 'chat-admins')),
    allowedOrigins: origins(read('allowedOrigins', '')),
    chatDomain: named('chatDomain', read('chatDomain', 'persistent-chat')),
    epoch: named('epoch', read('epoch', '1')),
    accessLog: flag('accessLog', read('accessLog', 'false')),
    workers: whole('workers', read('workers', '20'), 0),
    postsPerSecond: whole('postsPerSecond', read('postsPerSecond', '8000'), 1),
    demo: flag('demo', read('demo', 'false')),
  }
}

function tokenSource(issuer: string, audience: string): IssuerSettings | undefined {
  if (issuer === '' && audience === '') return undefined
  if (issuer === '') throw new Error('"audience" is set but "issuer" is not: give both, or neither for a user pool.')
  if (audience === '') throw new Error('"issuer" is set but "audience" is not: give both, or neither for a user pool.')
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:')
    throw new Error(`"issuer" must be an https:// URL, as its keys are fetched from there; it is "${issuer}".`)
  return { issuer, audience }
}

function origins(list: string): string {
  const each = list
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '')
  for (const origin of each) {
    if (origin.includes('*') || !URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new Error(`"allowedOrigins" holds "${origin}", which is not an origin such as https://chat.example.com.`)
  }
  return each.join(',')
}

function named(name: string, value: string): string {
  if (value.trim() === '') throw new Error(`The context value "${name}" must not be empty.`)
  return value
}

function whole(name: string, value: string, least: number): number {
  const number = Number(value)
  if (value.trim() !== '' && Number.isInteger(number) && number >= least) return number
  throw new Error(`"${name}" must be a whole number of at least ${least}; it is "${value}".`)
}

function flag(name: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') throw new Error(`"${name}" must be true or false; it is "${value}".`)
  return value === 'true'
}
