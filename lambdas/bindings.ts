/** Names that the stack and the functions must agree on. This file imports nothing. */

/** Environment variables. */
export const env = {
  sessionsTable: 'SESSIONS_TABLE',
  roomsTable: 'ROOMS_TABLE',
  messagesTable: 'MESSAGES_TABLE',
  recordsTable: 'RECORDS_TABLE',
  /** Base URL of `@connections`, stage included. */
  connectionsUrl: 'CONNECTIONS_URL',
  /** Authority of room URIs: `chat://<domain>/<roomId>`. */
  domain: 'CHAT_DOMAIN',
  /** The token group whose members are administrators. */
  adminGroup: 'ADMIN_GROUP',
  /** Changes only when the log was restored from a backup. */
  epoch: 'LOG_EPOCH',
  /** The function that hands messages to one part of a large room. */
  deliverFunction: 'DELIVER_FUNCTION',
  /** URL of the queue that keeps what could not be handed on. */
  undeliveredQueue: 'UNDELIVERED_QUEUE',
  /** Posts a second that the account may make to connections, and broadcasts keep to. */
  postsPerSecond: 'POSTS_PER_SECOND',
  /** OpenID Connect issuer and audience whose tokens are accepted. */
  issuer: 'TOKEN_ISSUER',
  audience: 'TOKEN_AUDIENCE',
  /** Exact origins, separated by commas, whose pages may connect. */
  allowedOrigins: 'ALLOWED_ORIGINS',
} as const

/** Key attributes of Sessions, Rooms and Records. */
export const key = { partition: 'pk', sort: 'sk' } as const

/** Key attributes of Messages. */
export const logKey = { partition: 'roomId', sort: 'seq' } as const

/** The attribute by which the stream of the log knows what it has to hand on. */
export const broadcastAttribute = 'broadcast'

/** The attribute that DynamoDB's time to live reads, in seconds since 1970. */
export const timeToLive = 'expiresAt'

/** Secondary indexes: the attribute each is keyed by has the value of `partition`. */
export const index = {
  byUser: { name: 'byUser', partition: 'owner' },
  byCategory: { name: 'byCategory', partition: 'categoryId' },
  byPrincipal: { name: 'byPrincipal', partition: 'principal' },
} as const

/** What the authorizer tells every later event of a connection; API Gateway delivers each value as a string. */
export interface AuthorizerContext {
  user: string
  name: string
  /** A JSON array of strings. */
  groups: string
  /** Seconds since 1970. */
  exp: string
}
