/** Names that the stack and the functions share. This file imports nothing. */

/** Environment variables. */
export const env = {
  sessionsTable: 'SESSIONS_TABLE',
  roomsTable: 'ROOMS_TABLE',
  messagesTable: 'MESSAGES_TABLE',
  recordsTable: 'RECORDS_TABLE',
  budgetsTable: 'BUDGETS_TABLE',
  /** Base URL of `@connections`, stage included. */
  connectionsUrl: 'CONNECTIONS_URL',
  /** Authority of room URIs: `chat://<domain>/<roomId>`. */
  domain: 'CHAT_DOMAIN',
  /** The token group whose members are administrators. */
  adminGroup: 'ADMIN_GROUP',
  /** Changes only when the log is restored from a backup. */
  epoch: 'LOG_EPOCH',
  /** A JSON object of the quotas. */
  quotas: 'QUOTAS',
  /** Set to `true` if the record has the address of each connection. */
  recordAddresses: 'RECORD_ADDRESSES',
  /** The function that delivers messages to one part of a large room. */
  deliverFunction: 'DELIVER_FUNCTION',
  /** The function that goes on with long reviews. */
  reviewFunction: 'REVIEW_FUNCTION',
  /** The function that works after the call that started it. */
  jobsFunction: 'JOBS_FUNCTION',
  /** URL of the queue for entries that could not be delivered. */
  undeliveredQueue: 'UNDELIVERED_QUEUE',
  /** The posts per second that broadcasts may use of the account's limit. */
  postsPerSecond: 'POSTS_PER_SECOND',
  /** OpenID Connect issuer whose tokens are accepted, and their audiences, separated by commas. */
  issuer: 'TOKEN_ISSUER',
  audience: 'TOKEN_AUDIENCE',
  /** Address of a key set, or a key set as JSON, in place of the issuer's. */
  tokenKeys: 'TOKEN_KEYS',
  /** Client ids that speak for no user, separated by commas. */
  services: 'TOKEN_SERVICES',
  /** The other issuers, as JSON: a list of `OtherIssuer`. */
  otherIssuers: 'OTHER_ISSUERS',
  /** Ids of the categories whose open rooms admit guests, separated by commas. */
  guests: 'GUEST_CATEGORIES',
  /** Exact origins, separated by commas, whose pages may connect. */
  allowedOrigins: 'ALLOWED_ORIGINS',
  /** The value of the dimension `Stack` of every metric. */
  stackName: 'STACK_NAME',
  /** How much the log lines hold: one of `logLevels`. */
  logLevel: 'LOG_LEVEL',
} as const

export const logLevels = ['debug', 'info', 'warn'] as const
export type LogLevel = (typeof logLevels)[number]

/** The namespace of the metrics in CloudWatch. */
export const metricNamespace = 'PersistentChat'

/**
 * The metrics that the functions write. Each has one series for the whole stack, and one for each value of the
 * dimensions in `by`: `Verb` is a route key or the name of a function without routes, `Outcome` a code.
 */
export const metrics = {
  Requests: { unit: 'Count', by: ['Verb'] },
  Refused: { unit: 'Count', by: ['Outcome', 'Verb'] },
  Internal: { unit: 'Count', by: ['Verb'] },
  Latency: { unit: 'Milliseconds', by: ['Verb'] },
  ColdStart: { unit: 'Count', by: ['Verb'] },
  Units: { unit: 'Count', by: ['Verb'] },
  SendToHanded: { unit: 'Milliseconds', by: [] },
  SlowSends: { unit: 'Count', by: [] },
  Posts: { unit: 'Count', by: ['Outcome'] },
  AppendTries: { unit: 'Count', by: [] },
  Fanout: { unit: 'Count', by: [] },
  RateLimited: { unit: 'Count', by: [] },
  Connections: { unit: 'Count', by: [] },
  Evicted: { unit: 'Count', by: [] },
  Unended: { unit: 'Count', by: [] },
  IssuerUnreachable: { unit: 'Count', by: [] },
  HandshakesRefused: { unit: 'Count', by: ['Outcome'] },
  JobFailures: { unit: 'Count', by: ['Verb'] },
} as const satisfies Record<string, Metric>

export interface Metric {
  unit: 'Count' | 'Milliseconds'
  by: readonly ('Verb' | 'Outcome')[]
}

export type MetricName = keyof typeof metrics

/** How much a user may create, keep and spend, unless the stack sets it. `hello` publishes the numbers under these names. */
export const defaultQuotas = {
  /** Rooms that a user creates on one day, in UTC. */
  roomsPerDay: 100,
  /** Rooms that a user made and manages. */
  roomsManaged: 500,
  /** Grants of all roles in a room. */
  grantsPerRoom: 5000,
  /** Invitations that a user gets in 24 hours. */
  invitationsPerDay: 50,
  /** Invitations that a user makes on one day, in UTC. */
  invitationsPerInviterPerDay: 100,
  /** Labels of preferences, and the bytes of their data together. */
  preferencesPerUser: 100,
  preferenceBytesPerUser: 256 * 1024,
  /** Users whom a user blocks. */
  blocksPerUser: 500,
  /** The budget of a user for a minute, over all connections; docs/protocol.md has the prices. */
  unitsPerMinute: 120_000,
  messagesPerMinute: 320,
}

/** Key attributes of Sessions, Rooms, Records and Budgets. */
export const key = { partition: 'pk', sort: 'sk' } as const

/** Key attributes of Messages. */
export const logKey = { partition: 'roomId', sort: 'seq' } as const

/** Only entries with this attribute are delivered by the stream of the log. */
export const broadcastAttribute = 'broadcast'

/** The attribute that DynamoDB's time to live reads, in seconds since 1970. */
export const timeToLive = 'expiresAt'

/** Secondary indexes. `partition` is the attribute that is the partition key of the index. */
export const index = {
  byUser: { name: 'byUser', partition: 'owner' },
  byCategory: { name: 'byCategory', partition: 'categoryId' },
  byPrincipal: { name: 'byPrincipal', partition: 'principal' },
} as const

/** An issuer beside the first one. Ids and groups of its tokens begin with `<name>|`. */
export interface OtherIssuer {
  name: string
  issuer: string
  audience: string[]
  services: string[]
}

/**
 * The context that the authorizer adds to every later event of a connection. API Gateway passes each value as a string.
 */
export interface AuthorizerContext {
  user: string
  name: string
  /** A JSON array of strings. */
  groups: string
  /** Seconds since 1970. */
  exp: string
}
