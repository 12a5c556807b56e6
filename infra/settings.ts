import { Token } from 'aws-cdk-lib/core'
import { defaultQuotas, type LogLevel, logLevels } from '../lambdas/bindings.ts'
import { type AcceptedTokens, checkOtherIssuers, checkTokens, type OtherIssuers } from './token-settings.ts'

/** How much a user may create, keep and spend. */
export type Quotas = Record<keyof typeof defaultQuotas, number>

/** Settings of a chat; each has a default. */
export interface ChatSettings {
  /**
   * The tokens that admit a connection.
   * @default - those of a Cognito user pool, which the chat creates
   */
  tokens?: AcceptedTokens | undefined
  /**
   * Issuers beside that of `tokens`, each by a short name. A user of one has the id `<name>|<sub>`, a group the name
   * `<name>|<group>`.
   * @default - none
   */
  otherIssuers?: OtherIssuers | undefined
  /**
   * Ids of the categories whose open rooms admit guests, who have no token of an issuer.
   * @default - no guests
   */
  guests?: readonly string[] | undefined
  /**
   * The token group whose members are administrators.
   * @default 'chat-admins'
   */
  adminGroup?: string | undefined
  /**
   * Exact origins, such as `https://chat.example.com`, whose web pages may connect.
   * @default - no web page may connect, except the chat's own
   */
  allowedOrigins?: readonly string[] | undefined
  /**
   * The authority of room addresses: `chat://<chatDomain>/<room>`.
   * @default 'persistent-chat'
   */
  chatDomain?: string | undefined
  /**
   * Tells clients that the log was restored from a backup. Raise it after a restore.
   * @default '1'
   */
  epoch?: string | undefined
  /**
   * Whether API Gateway writes an access log. This needs the account's CloudWatch role for API Gateway.
   * @default false
   */
  accessLog?: boolean | undefined
  /**
   * Reserved concurrency of the function that delivers in large rooms; 0 reserves none. An account must keep 100
   * executions unreserved, so one with a small quota refuses every reservation.
   * @default 0
   */
  workers?: number | undefined
  /**
   * Posts per second to the connections of one large room. They share the account's quota with all other requests.
   * @default 8000
   */
  postsPerSecond?: number | undefined
  /**
   * How much a user may create, keep and spend, each a whole number; docs/protocol.md explains them.
   * @default - those of `defaultQuotas` in lambdas/bindings.ts
   */
  quotas?: { [Name in keyof Quotas]?: number | undefined } | undefined
  /**
   * Whether the record has the address and the user agent of each connection.
   * @default false
   */
  recordAddresses?: boolean | undefined
  /**
   * Whether there is a dashboard of CloudWatch, at 3 dollars a month.
   * @default true
   */
  dashboard?: boolean | undefined
  /**
   * Dollars a day above which an alarm is raised, by the units of cost that users spend.
   * @default 10
   */
  dailyBudget?: number | undefined
  /**
   * Invocations at a time that the account may run in this region; an alarm is raised at 80 % of it.
   * @default 1000
   */
  accountConcurrency?: number | undefined
  /**
   * `info`: one log line for each request. `warn`: only the metrics of a request that ends well. `debug`: also where a
   * request was refused, and the lines of Lambda itself.
   * @default 'info'
   */
  logLevel?: LogLevel | undefined
}

/** Settings with every default filled in. */
export type CompleteSettings = {
  [Name in Exclude<keyof ChatSettings, 'tokens' | 'quotas'>]-?: Exclude<ChatSettings[Name], undefined>
} & { tokens: AcceptedTokens | undefined; quotas: Quotas }

/** Fills in the defaults, and throws at the first setting that has no meaning. */
export function completeSettings(settings: ChatSettings): CompleteSettings {
  const {
    tokens,
    otherIssuers = {},
    guests = [],
    adminGroup = 'chat-admins',
    allowedOrigins = [],
    chatDomain = 'persistent-chat',
    epoch = '1',
    accessLog = false,
    workers = 0,
    postsPerSecond = 8000,
    quotas: given = {},
    recordAddresses = false,
    dashboard = true,
    dailyBudget = 10,
    accountConcurrency = 1000,
    logLevel = 'info',
  } = settings
  if (tokens !== undefined) checkTokens(tokens)
  checkOtherIssuers(otherIssuers, tokens?.issuer)
  for (const category of guests) checkCategory(category)
  for (const origin of allowedOrigins) checkOrigin(origin)
  for (const [name, value] of Object.entries({ adminGroup, chatDomain, epoch })) checkText(name, value)
  checkCount('workers', workers, 0)
  checkCount('postsPerSecond', postsPerSecond, 1)
  // The threshold of its alarm is computed from it.
  if (Token.isUnresolved(accountConcurrency))
    throw new Error('"accountConcurrency" must be known before the deployment.')
  checkCount('accountConcurrency', accountConcurrency, 1)
  checkDollars('dailyBudget', dailyBudget)
  checkLogLevel(logLevel)
  const quotas = completeQuotas(given)
  return {
    tokens,
    otherIssuers,
    guests,
    adminGroup,
    allowedOrigins,
    chatDomain,
    epoch,
    accessLog,
    workers,
    postsPerSecond,
    quotas,
    recordAddresses,
    dashboard,
    dailyBudget,
    accountConcurrency,
    logLevel,
  }
}

function completeQuotas(given: NonNullable<ChatSettings['quotas']>): Quotas {
  const quotas: Quotas = { ...defaultQuotas }
  for (const name of Object.keys(quotas) as (keyof Quotas)[]) {
    quotas[name] = given[name] ?? quotas[name]
    checkCount(name, quotas[name], 1)
  }
  return quotas
}

// A value of another resource, such as the address of a distribution, is unknown until deployment: it passes.

function checkCategory(id: string): void {
  if (Token.isUnresolved(id) || /^[^\s,]+$/.test(id)) return
  throw new Error(`"guests" holds "${id}", which is not the id of a category.`)
}

function checkOrigin(origin: string): void {
  if (Token.isUnresolved(origin)) return
  if (origin.includes('*') || !URL.canParse(origin) || new URL(origin).origin !== origin)
    throw new Error(`"allowedOrigins" holds "${origin}", which is not an origin such as https://chat.example.com.`)
}

function checkLogLevel(level: string): void {
  if (!logLevels.some((known) => known === level))
    throw new Error(`"logLevel" must be one of ${logLevels.join(', ')}; it is "${level}".`)
}

function checkText(name: string, value: string): void {
  if (value.trim() === '') throw new Error(`"${name}" must not be empty.`)
}

function checkCount(name: string, value: number, least: number): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= least)) return
  throw new Error(`"${name}" must be a whole number of at least ${least}; it is "${value}".`)
}

/** A threshold is computed of it, so it must be known before deployment. */
function checkDollars(name: string, value: number): void {
  if (!Token.isUnresolved(value) && Number.isFinite(value) && value > 0) return
  throw new Error(`"${name}" must be a number of dollars above 0; it is "${value}".`)
}
