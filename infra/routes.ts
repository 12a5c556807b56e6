/** The table of contents: every verb, the function that runs it, and all that function may touch. */

export type Action =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem'

export interface TableActions {
  sessions?: readonly Action[]
  byUser?: readonly 'Query'[]
  rooms?: readonly Action[]
  byCategory?: readonly 'Query'[]
  byPrincipal?: readonly 'Query'[]
  messages?: readonly Action[]
  /** Never more than adding and reading: the record is not to be changed. */
  records?: readonly ('PutItem' | 'Query')[]
}

export interface FunctionSpec {
  name: string
  access: TableActions
  /** What it may do to other connections: push a frame, or close. */
  connections: readonly ('POST' | 'DELETE')[]
  memory: number
  /** Seconds. */
  timeout: number
  /** Reads the stream of the log. */
  stream?: true
  /** Names of the functions that it starts. */
  starts?: readonly string[]
  /** Puts what could not be handed on into its queue. */
  undelivered?: true
}

export interface Route {
  key: string
  function: string
  /** `lambdas/routes/<file>.ts` */
  file: string
  exportName: string
}

/** A keep-alive costs no invocation: API Gateway answers it with a template. */
export const ping = 'ping'

export const routes: readonly Route[] = [
  { key: '$connect', function: 'connect', file: 'connect', exportName: 'connect' },
  { key: '$disconnect', function: 'disconnect', file: 'disconnect', exportName: 'disconnect' },
  { key: '$default', function: 'unknown', file: 'default', exportName: 'unknownAction' },
  verb('hello', 'hello'),
  verb('sync', 'sync'),

  verb('join', 'join'),
  verb('leave', 'leave'),
  verb('send', 'send'),
  verb('history', 'history'),
  verb('participants', 'participants'),

  verb('createRoom', 'rooms'),
  verb('getRoom', 'rooms'),
  verb('updateRoom', 'rooms'),
  verb('moveRoom', 'rooms'),
  verb('deleteRoom', 'rooms'),

  verb('createCategory', 'categories'),
  verb('updateCategory', 'categories'),
  verb('deleteCategory', 'categories'),
  verb('categories', 'categories'),

  verb('browse', 'directory'),
  verb('invitations', 'people'),
  verb('preference', 'people'),

  verb('grant', 'roles'),
  verb('revoke', 'roles'),
  verb('roles', 'roles'),

  verb('removeMessages', 'moderation'),
  verb('purge', 'moderation'),
  verb('record', 'moderation'),
]

// Processor share grows with memory, 1,769 MB being one whole processor. Signing a push per listener is
// processor work, so `send` gets all that one thread can use: twice the memory for half the time costs the same.
// A join reads a room and encodes a page of its log; everything else waits for DynamoDB most of its time.
const oneProcessor = 1769
const encoding = 1024
const waiting = 512

// A message that arrives after its token's expiry is answered by a `goaway` and a close, whatever its verb.
const verbs = { connections: ['POST', 'DELETE'], memory: waiting, timeout: 10 } as const

// Everyone in a room, or in all rooms of a category, may have to go at once; API Gateway waits no longer than this.
const reviewing = 29

// Whoever pushes to a room may find connections gone: it reads the roster and ends the sessions they left. How large
// a room was when it was last looked at stands beside its sessions.
const pushToRoom = ['Query', 'GetItem', 'UpdateItem', 'DeleteItem'] as const

/** Comings and goings, grants and searches go into the record in the same step, or before. */
const addToRecord = ['PutItem'] as const

/** What the caller is to a room: its item and the grants in one batch, then its category or its name. */
const loadAccess = ['BatchGetItem', 'GetItem'] as const

/** A page of the log, and the floor that its first item holds. */
const readLog = ['Query', 'GetItem'] as const

export const functions: readonly FunctionSpec[] = [
  {
    ...verbs,
    name: 'connect',
    // A user's oldest connections give way beyond the limit, and ghosts among them leave their rooms.
    // What they come as is remembered when it is new.
    access: {
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      byUser: ['Query'],
      rooms: ['GetItem', 'PutItem'],
    },
  },
  { ...verbs, name: 'disconnect', access: { sessions: pushToRoom, records: addToRecord }, connections: ['POST'] },
  { ...verbs, name: 'unknown', access: {} },
  { ...verbs, name: 'hello', access: {} },
  { ...verbs, name: 'sync', access: { sessions: ['GetItem'], rooms: loadAccess, messages: readLog } },
  {
    ...verbs,
    name: 'join',
    access: { sessions: ['PutItem', ...pushToRoom], records: addToRecord, rooms: loadAccess, messages: readLog },
    memory: encoding,
  },
  { ...verbs, name: 'leave', access: { sessions: pushToRoom, records: addToRecord } },
  {
    ...verbs,
    name: 'send',
    // Only a sender who is not in the room makes it look at the room.
    access: { sessions: pushToRoom, records: addToRecord, rooms: loadAccess, messages: ['PutItem', ...readLog] },
    memory: oneProcessor,
  },
  {
    ...verbs,
    name: 'history',
    access: { sessions: ['GetItem'], rooms: loadAccess, messages: readLog, records: addToRecord },
    memory: encoding,
  },
  { ...verbs, name: 'participants', access: { sessions: ['GetItem', 'Query'], rooms: loadAccess } },
  {
    ...verbs,
    name: 'rooms',
    access: {
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      // New members are told on each of their connections.
      byUser: ['Query'],
      // A transaction needs the right to each of its steps, the mere checks included.
      rooms: ['Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', ...loadAccess],
      messages: ['PutItem'],
    },
    timeout: reviewing,
  },
  {
    ...verbs,
    name: 'categories',
    access: {
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      rooms: ['Query', 'PutItem', 'UpdateItem', 'DeleteItem', ...loadAccess],
      byCategory: ['Query'],
    },
    timeout: reviewing,
  },
  {
    ...verbs,
    name: 'directory',
    access: {
      sessions: ['Query', 'GetItem', 'BatchGetItem'],
      byUser: ['Query'],
      rooms: ['Query', 'BatchGetItem'],
      byCategory: ['Query'],
      byPrincipal: ['Query'],
    },
    memory: encoding,
  },
  { ...verbs, name: 'people', access: { rooms: ['Query', 'GetItem', 'BatchGetItem', 'UpdateItem'] } },
  {
    ...verbs,
    name: 'roles',
    access: {
      sessions: ['BatchGetItem', ...pushToRoom],
      records: addToRecord,
      byUser: ['Query'],
      rooms: ['Query', 'PutItem', 'DeleteItem', ...loadAccess],
    },
  },
  {
    ...verbs,
    name: 'moderation',
    access: {
      sessions: pushToRoom,
      records: ['PutItem', 'Query'],
      rooms: loadAccess,
      messages: ['PutItem', 'UpdateItem', 'BatchGetItem', 'BatchWriteItem', ...readLog],
    },
  },
]

// Nobody waits for these two: they run behind the log's stream, where a room is too large for its senders.
const behindTheStream = { connections: ['POST'], memory: oneProcessor, timeout: 60, undelivered: true } as const

/** Hands what is said in large rooms to its workers, or to everyone where one is enough. */
export const broadcast: FunctionSpec = {
  ...behindTheStream,
  name: 'broadcast',
  access: { sessions: pushToRoom, records: addToRecord, messages: ['Query'] },
  stream: true,
  starts: ['deliver'],
}

/** One worker: reaches one part of a room. */
export const deliver: FunctionSpec = {
  ...behindTheStream,
  name: 'deliver',
  access: { sessions: ['Query', 'UpdateItem', 'DeleteItem'], records: addToRecord, messages: ['Query'] },
}

/** Asked before `$connect`; it is no route. Checking one signature is short, but a handshake waits for it. */
export const authorizer: FunctionSpec = {
  name: 'authorizer',
  access: {},
  connections: [],
  memory: waiting,
  timeout: 10,
}

/** Functions that no route leads to: each is `lambdas/<name>.ts`. */
export const otherFunctions: readonly FunctionSpec[] = [authorizer, broadcast, deliver]

function verb(key: string, functionName: string): Route {
  const file = key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
  return { key, function: functionName, file, exportName: key }
}
