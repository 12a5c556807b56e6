import type { IDomainName } from 'aws-cdk-lib/aws-apigatewayv2'
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch'
import type { IUserPool } from 'aws-cdk-lib/aws-cognito'
import { Grant, type IGrantable, PermissionsBoundary } from 'aws-cdk-lib/aws-iam'
import type { Code, IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { env } from '../lambdas/bindings.ts'
import { completeResources } from './complete-resources.ts'
import { CustomDomain } from './custom-domain.ts'
import { Daily } from './daily.ts'
import { allowLogs } from './encryption.ts'
import { allow, ChatFunction, type MakeFunction, mayStart } from './function.ts'
import { authorizer, functions } from './functions.ts'
import { LargeRooms } from './large-rooms.ts'
import { pascalCase } from './logical-id.ts'
import { type ChatMetric, metricOf, stackDimension } from './metric.ts'
import type { AlarmActions } from './monitoring/alarms.ts'
import { Monitoring } from './monitoring/monitoring.ts'
import { prebuiltCode, prebuiltPage } from './prebuilt.ts'
import type { ResourceSettings } from './resource-settings.ts'
import { Reviews } from './reviews.ts'
import { ping, routes } from './routes.ts'
import { type ChatSettings, type CompleteSettings, completeSettings } from './settings.ts'
import { SocketApi } from './socket-api.ts'
import { ChatTables } from './tables.ts'
import { TokenIssuer } from './token-issuer.ts'
import { type AcceptedTokens, audiencesOf } from './token-settings.ts'
import { tokenVariables } from './token-variables.ts'
import { WebPage } from './web-page.ts'

/** Settings of a chat in any CDK app; docs/embedding.md has them in a table. */
export interface PersistentChatProps extends ChatSettings, ResourceSettings {
  /**
   * Returns the built code of a function: a folder whose `index.mjs` exports `handler`.
   * @default - the functions that come with the package
   */
  code?: ((functionName: string) => Code) | undefined
  /**
   * A web page: `true` for that of the package, or the folder of a built one. CloudFront serves it, and its origin may
   * connect.
   * @default - no web page
   */
  page?: string | boolean | undefined
  /**
   * A topic, or actions, for every alarm: when it is raised, and when it is over. `false` makes no alarms.
   * @default - alarms without an action, which show on the dashboard
   */
  alarms?: AlarmActions | false | undefined
}

/**
 * A chat: a WebSocket API, its functions and its tables.
 *
 * The tables of rooms, messages and records and the user pool stay when the stack is deleted, unless `removal` says
 * otherwise. A stack can hold several chats; at most one of them can have both a page and its own user pool.
 */
export class PersistentChat extends Construct {
  /** Address for clients: `wss://…/chat`, or `wss://<domain>`. */
  readonly url: string
  /** Where frames are pushed to connections: `https://…/chat`, for programs with the right of `grantPublish`. */
  readonly connectionsUrl: string
  /** What the DNS entry of the domain points to; undefined if the chat has none of its own. */
  readonly domainName: IDomainName | undefined
  /** The tokens that admit a connection, without those of other issuers. */
  readonly tokens: AcceptedTokens
  /** The pool that the chat created; undefined if it accepts the tokens of another issuer. */
  readonly userPool: IUserPool | undefined
  /** Address of the web page; undefined if the chat has none. */
  readonly pageUrl: string | undefined
  readonly tables: ChatTables
  /** Every function, by its name in `functions.ts`. */
  readonly functions: ReadonlyMap<string, IFunction>
  /** Delivers messages to one part of a large room. */
  readonly deliverFunction: IFunction
  /** Goes on with long reviews of sessions after a change of rights. */
  readonly reviewFunction: IFunction
  /** Holds what could not be delivered in large rooms, and reviews and jobs that failed, for 14 days. */
  readonly undeliveredQueue: IQueue
  /** The dimension `Stack` of every metric of this chat. */
  readonly stackDimension: string
  readonly #stageArn: string

  constructor(
    scope: Construct,
    id: string,
    { code = prebuiltCode, page = false, alarms = [], ...props }: PersistentChatProps = {},
  ) {
    super(scope, id)
    const settings = completeSettings(props)
    const resources = completeResources(props)
    const { encryptionKey, domain } = resources
    if (encryptionKey) allowLogs(this, encryptionKey)
    const { permissionsBoundary } = resources.functions
    if (permissionsBoundary) PermissionsBoundary.of(this).apply(permissionsBoundary)
    const tables = new ChatTables(this, 'Tables', resources)
    const webPage = page === false ? undefined : new WebPage(this, 'Page', resources)
    const issuer = new TokenIssuer(this, 'Identity', settings, resources, webPage?.origin)
    const socket = new SocketApi(this, 'Socket', { accessLog: settings.accessLog, resources })
    const customDomain = domain && new CustomDomain(this, 'Domain', socket.stage, domain)

    const made = new Map<string, IFunction>()
    this.stackDimension = stackDimension(this)
    const logGroups: ILogGroup[] = []
    const watched = { [env.stackName]: this.stackDimension, [env.logLevel]: settings.logLevel }
    const makeFunction: MakeFunction = (spec, description, environment, more = {}) => {
      const fn = new ChatFunction(this, pascalCase(spec.name), {
        ...more,
        spec,
        code: code(spec.name),
        tables,
        resources,
        stageArn: socket.stageArn,
        description,
        environment: { ...environment, ...watched },
        logLevel: settings.logLevel,
      })
      made.set(spec.name, fn.lambda)
      logGroups.push(fn.lambda.logGroup)
      return fn
    }

    const origins = webPage ? [...settings.allowedOrigins, webPage.origin] : settings.allowedOrigins
    socket.setAuthorizer(
      makeFunction(
        authorizer,
        'Checks the token and the origin of a handshake',
        {
          ...tokenVariables(issuer.tokens, settings),
          [env.allowedOrigins]: origins.join(','),
          [env.adminGroup]: settings.adminGroup,
          [env.roomsTable]: tables.rooms.tableName,
          [env.sessionsTable]: tables.sessions.tableName,
        },
        { rights: settings.guests.length > 0 ? [allow(['dynamodb:UpdateItem'], tables.sessions.tableArn)] : [] },
      ),
    )
    const environment = environmentOf(settings, tables, socket)
    const largeRooms = new LargeRooms(this, 'LargeRooms', { tables, settings, resources, environment, makeFunction })
    const { deadLetters } = largeRooms
    const behind = { environment, deadLetters, makeFunction }
    const reviews = new Reviews(this, 'Reviews', behind)
    const { jobs } = new Daily(this, 'Daily', behind)
    const startable = {
      review: { variable: env.reviewFunction, fn: reviews.reviewFunction },
      jobs: { variable: env.jobsFunction, fn: jobs },
    }
    for (const spec of functions) {
      const keys = routes.filter((route) => route.function === spec.name).map((route) => route.key)
      const started = spec.starts && startable[spec.starts]
      const own = { ...environment, ...(started && { [started.variable]: started.fn.functionName }) }
      const more = started ? { rights: [mayStart(started.fn)] } : {}
      socket.addRoutes(makeFunction(spec, `Runs ${keys.join(', ')}`, own, more), keys)
    }
    socket.answerWithTemplate(ping)

    new Monitoring(this, 'Monitoring', {
      name: this.stackDimension,
      stage: socket.stage,
      functions: made,
      tables,
      undelivered: deadLetters.queue,
      logGroups,
      alarms,
      dashboard: settings.dashboard,
      limits: { ...settings, deliverIsBounded: settings.workers > 0 },
    })

    this.url = customDomain?.url ?? socket.stage.url
    this.connectionsUrl = socket.stage.callbackUrl
    this.domainName = customDomain?.domainName
    this.#stageArn = socket.stageArn
    this.tokens = issuer.tokens
    this.userPool = issuer.userPool
    this.pageUrl = webPage?.origin
    this.tables = tables
    this.functions = made
    this.deliverFunction = largeRooms.deliverFunction
    this.reviewFunction = reviews.reviewFunction
    this.undeliveredQueue = deadLetters.queue
    const files = page === true ? prebuiltPage() : page
    if (webPage && files !== false) webPage.publish(files, { url: this.url, ...signInOf(this.tokens) })
  }

  /** Gives the right to push frames to the connections of this chat, at `connectionsUrl`, and no other right. */
  grantPublish(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:ManageConnections'],
      resourceArns: [`${this.#stageArn}/POST/@connections/*`],
    })
  }

  /** A metric of the whole chat. `dimensionsMap` with a `Verb` or an `Outcome` narrows it, where the metric has that. */
  metric(name: ChatMetric, options?: MetricOptions): Metric {
    return metricOf(this, name, options)
  }
}

/** The page signs its users in at the issuer of the first tokens. */
function signInOf(tokens: AcceptedTokens): { issuer: string; clientId: string } {
  const [clientId] = audiencesOf(tokens)
  if (tokens.issuer !== undefined && clientId !== undefined) return { issuer: tokens.issuer, clientId }
  throw new Error('The web page needs an "issuer" and an "audience", at which its users sign in.')
}

/** The same for every function: a table's name gives no right to the table, only a role does. */
function environmentOf(settings: CompleteSettings, tables: ChatTables, socket: SocketApi): Record<string, string> {
  return {
    [env.sessionsTable]: tables.sessions.tableName,
    [env.roomsTable]: tables.rooms.tableName,
    [env.messagesTable]: tables.messages.tableName,
    [env.recordsTable]: tables.records.tableName,
    [env.budgetsTable]: tables.budgets.tableName,
    [env.connectionsUrl]: socket.stage.callbackUrl,
    [env.domain]: settings.chatDomain,
    [env.adminGroup]: settings.adminGroup,
    [env.epoch]: settings.epoch,
    [env.quotas]: JSON.stringify(settings.quotas),
    ...(settings.recordAddresses && { [env.recordAddresses]: 'true' }),
  }
}
