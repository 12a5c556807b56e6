/** Every function: its rights on tables and connections, its memory and its timeout. `routes.ts` lists the routes of each. */

export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem'

/** DynamoDB actions that a function may use, by table and by index. */
export interface TableActions {
  sessions?: readonly TableAction[]
  byUser?: readonly 'Query'[]
  rooms?: readonly TableAction[]
  byCategory?: readonly 'Query'[]
  byPrincipal?: readonly 'Query'[]
  messages?: readonly TableAction[]
  /** The type allows only adding and reading: a compliance record must not change. */
  records?: readonly ('PutItem' | 'Query')[]
  /** Adds to the spending of a user, and reads that of the minute before. */
  budgets?: readonly ('GetItem' | 'UpdateItem')[]
}

/** One function: `lambdas/functions/<name>.ts`. */
export interface FunctionSpec {
  name: string
  tables: TableActions
  /** What it may do to connections: push a frame (`POST`) or close (`DELETE`). */
  connections: readonly ('POST' | 'DELETE')[]
  /** Megabytes. */
  memory: number
  /** Seconds. */
  timeout: number
  /** The function that it starts for work that takes longer than a request. */
  starts?: 'review' | 'jobs'
}

// Lambda gives processor time in proportion to memory; 1,769 MB is one whole processor. `send` signs one push per
// receiver, which takes processor time on one thread: twice the memory for half the time costs the same.
// `join`, `history` and `directory` encode long pages. All other functions mostly wait for DynamoDB.
const oneProcessor = 1769
const encoding = 1024
const waiting = 512

// Every verb answers a frame that arrives after its token's expiry with a `goaway`, and closes the connection.
const verbs = { connections: ['POST', 'DELETE'], memory: waiting, timeout: 10 } as const

// A change may end the sessions of a whole room, or of all rooms of a category. What takes longer than some seconds is
// handed on; if nobody takes it, the function goes on. API Gateway waits at most this long.
const reviewing = { timeout: 29, starts: 'review' } as const

// A push to a room may find closed connections. The function then reads the roster, ends their sessions, and reads and
// updates the noted size of the room, which is stored next to its sessions.
const pushToRoom = ['Query', 'GetItem', 'UpdateItem', 'DeleteItem'] as const

/** Joins, leaves, grants and searches are recorded in the same step, or before it. */
const addToRecord = ['PutItem'] as const

/**
 * Reads the room and the caller's grants in one batch, then the room's category or its name. For a caller with several
 * groups it reads the grants of the room to groups.
 */
const loadAccess = ['BatchGetItem', 'GetItem', 'Query'] as const

/** Of many rooms at once, the index shows those in which the caller has a grant. */
const loadManyRooms = { rooms: loadAccess, byPrincipal: ['Query'] } as const satisfies TableActions

/** Reads a page of the log, and its first item, which holds the lowest position that is kept. */
const readLog = ['Query', 'GetItem'] as const

/** Counts what the caller spends, and reads the minute before of a caller who overdraws the budget. */
const charged = { budgets: ['GetItem', 'UpdateItem'] } as const satisfies TableActions

/** The functions that run routes. */
export const functions: readonly FunctionSpec[] = [
  {
    ...verbs,
    name: 'connect',
    // Beyond the limit of a user's connections the oldest are closed, and their sessions end.
    // The user's name and groups are saved if they are new. A suspended user is refused.
    tables: {
      ...charged,
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      byUser: ['Query'],
      rooms: ['GetItem', 'PutItem'],
    },
  },
  { ...verbs, name: 'disconnect', tables: { sessions: pushToRoom, records: addToRecord }, connections: ['POST'] },
  { ...verbs, name: 'unknown', tables: charged },
  { ...verbs, name: 'hello', tables: charged },
  { ...verbs, name: 'sync', tables: { ...charged, ...loadManyRooms, sessions: ['GetItem'], messages: readLog } },
  {
    ...verbs,
    name: 'join',
    tables: {
      ...charged,
      sessions: ['PutItem', ...pushToRoom],
      records: addToRecord,
      rooms: loadAccess,
      messages: readLog,
    },
    memory: encoding,
  },
  { ...verbs, name: 'leave', tables: { ...charged, sessions: pushToRoom, records: addToRecord } },
  {
    ...verbs,
    name: 'send',
    // It reads the room only for a sender without a session in it.
    tables: {
      ...charged,
      sessions: pushToRoom,
      records: addToRecord,
      rooms: loadAccess,
      messages: ['PutItem', ...readLog],
    },
    memory: oneProcessor,
  },
  {
    ...verbs,
    name: 'history',
    tables: { ...charged, ...loadManyRooms, sessions: ['GetItem'], messages: readLog, records: addToRecord },
    memory: encoding,
  },
  { ...verbs, name: 'participants', tables: { ...charged, sessions: ['GetItem', 'Query'], rooms: loadAccess } },
  {
    ...verbs,
    name: 'rooms',
    tables: {
      ...charged,
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      // New members get an invitation on each of their connections.
      byUser: ['Query'],
      // The rooms that a creator manages are counted.
      byPrincipal: ['Query'],
      // A transaction needs the right to each of its steps, condition checks included.
      rooms: ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', ...loadAccess],
      messages: ['PutItem'],
    },
    ...reviewing,
  },
  {
    ...verbs,
    name: 'categories',
    tables: {
      ...charged,
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      rooms: ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', ...loadAccess],
      byCategory: ['Query'],
    },
    ...reviewing,
  },
  {
    ...verbs,
    name: 'directory',
    tables: {
      ...charged,
      sessions: ['Query', 'GetItem', 'BatchGetItem'],
      byUser: ['Query'],
      rooms: ['Query', 'BatchGetItem'],
      byCategory: ['Query'],
      byPrincipal: ['Query'],
    },
    memory: encoding,
  },
  {
    ...verbs,
    name: 'people',
    // Preferences are updated in place; a block is put and deleted.
    tables: { ...charged, rooms: ['Query', 'GetItem', 'BatchGetItem', 'UpdateItem', 'PutItem', 'DeleteItem'] },
  },
  {
    ...verbs,
    name: 'roles',
    tables: {
      ...charged,
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      byUser: ['Query'],
      rooms: ['PutItem', 'DeleteItem', ...loadAccess],
    },
    ...reviewing,
  },
  {
    ...verbs,
    name: 'moderation',
    // The record of all rooms needs the list of categories, and their rooms.
    tables: {
      ...charged,
      sessions: pushToRoom,
      records: ['PutItem', 'Query'],
      rooms: ['Query', ...loadAccess],
      byCategory: ['Query'],
      messages: ['PutItem', 'UpdateItem', 'BatchGetItem', 'BatchWriteItem', ...readLog],
    },
  },
  {
    ...verbs,
    name: 'administration',
    // The connections of a user are closed, and their sessions end.
    tables: {
      ...charged,
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      byUser: ['Query'],
      rooms: ['Query', 'GetItem', 'PutItem', 'DeleteItem'],
      // Whether there is such a room.
      messages: ['Query'],
    },
    timeout: 29,
    starts: 'jobs',
  },
]

// These two run behind the stream of the log, for rooms too large for the sender's call; no client waits for them.
// `large-rooms.ts` adds their rights to the stream, to the queue and to start a worker.
const behindStream = { connections: ['POST'], memory: oneProcessor, timeout: 60 } as const

/** Divides the messages of large rooms among workers, or delivers them itself where one worker is enough. */
export const broadcast: FunctionSpec = {
  ...behindStream,
  name: 'broadcast',
  tables: { sessions: pushToRoom, records: addToRecord, messages: ['Query'] },
}

/** One worker: delivers messages to one part of a room. */
export const deliver: FunctionSpec = {
  ...behindStream,
  name: 'deliver',
  tables: { sessions: ['Query', 'UpdateItem', 'DeleteItem'], records: addToRecord, messages: ['Query'] },
}

/** Goes on with a long review, and deletes the grants of a deleted room after its last session. */
export const review: FunctionSpec = {
  name: 'review',
  tables: {
    sessions: ['BatchGetItem', ...pushToRoom],
    records: addToRecord,
    rooms: ['Query', 'DeleteItem', ...loadAccess],
    byCategory: ['Query'],
  },
  connections: ['POST'],
  memory: waiting,
  timeout: 60,
}

/**
 * Runs once a day, and after each order to erase a user: deletes the messages that are older than the rules of retention
 * allow, and what is stored of erased users.
 */
export const jobs: FunctionSpec = {
  name: 'jobs',
  tables: {
    rooms: ['Query', 'GetItem', 'PutItem', 'DeleteItem', 'BatchWriteItem'],
    byCategory: ['Query'],
    byPrincipal: ['Query'],
    messages: ['PutItem', 'UpdateItem', 'BatchWriteItem', ...readLog],
    records: ['PutItem', 'Query'],
  },
  connections: [],
  memory: waiting,
  timeout: 900,
}

/**
 * Runs before `$connect` and is no route. It checks one signature. Of a user in very many groups it looks up which of
 * them any grant or category names.
 */
export const authorizer: FunctionSpec = {
  name: 'authorizer',
  tables: { rooms: ['Query'], byPrincipal: ['Query'] },
  connections: [],
  memory: waiting,
  timeout: 10,
}

/** Functions without a route. */
export const otherFunctions: readonly FunctionSpec[] = [authorizer, broadcast, deliver, review, jobs]
