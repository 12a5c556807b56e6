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

export interface Access {
  sessions?: readonly Action[]
  byUser?: readonly 'Query'[]
  rooms?: readonly Action[]
  byCategory?: readonly 'Query'[]
  byPrincipal?: readonly 'Query'[]
  messages?: readonly Action[]
}

export interface FunctionLine {
  name: string
  access: Access
  /** What it may do to other connections: push a frame, or close. */
  connections: readonly ('POST' | 'DELETE')[]
  memory: number
  /** Seconds. */
  timeout: number
}

export interface RouteLine {
  key: string
  function: string
  /** `lambdas/routes/<file>.ts` */
  file: string
  exportName: string
}

/** A keep-alive costs no invocation: API Gateway answers it with a template. */
export const ping = 'ping'

export const routes: readonly RouteLine[] = [
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

  verb('grant', 'roles'),
  verb('revoke', 'roles'),
  verb('roles', 'roles'),
]

// Processor share grows with memory, 1,769 MB being one whole processor. Signing a push per listener is
// processor work, so `send` gets all that one thread can use: twice the memory for half the time costs the same.
// A join reads a room and encodes a page of its log; everything else waits for DynamoDB most of its time.
const oneProcessor = 1769
const encoding = 1024
const waiting = 512

/** A message that arrives after its token's expiry is answered by a `goaway` and a close, whatever its verb. */
const pushAndClose = ['POST', 'DELETE'] as const

/** Whoever tells a room something reads its roster, and ends the sessions of those who turn out to be gone. */
const announcing = ['Query', 'UpdateItem', 'DeleteItem'] as const

/** A caller's standing in a room is its item, the caller's grants, and the category. */
const standing = ['GetItem', 'BatchGetItem'] as const

export const functions: readonly FunctionLine[] = [
  {
    name: 'connect',
    access: { sessions: ['UpdateItem', 'BatchGetItem'], byUser: ['Query'] },
    // A user's oldest connections give way beyond the limit.
    connections: ['DELETE'],
    memory: waiting,
    timeout: 10,
  },
  {
    name: 'disconnect',
    access: { sessions: ['GetItem', ...announcing] },
    connections: ['POST'],
    memory: waiting,
    timeout: 10,
  },
  { name: 'unknown', access: {}, connections: pushAndClose, memory: waiting, timeout: 10 },
  { name: 'hello', access: {}, connections: pushAndClose, memory: waiting, timeout: 10 },
  {
    name: 'sync',
    access: { sessions: ['GetItem'], rooms: standing, messages: ['GetItem', 'Query'] },
    connections: pushAndClose,
    memory: waiting,
    timeout: 10,
  },
  {
    name: 'join',
    access: { sessions: ['PutItem', ...announcing], rooms: standing, messages: ['GetItem', 'Query'] },
    connections: pushAndClose,
    memory: encoding,
    timeout: 10,
  },
  {
    name: 'leave',
    access: { sessions: ['GetItem', ...announcing] },
    connections: pushAndClose,
    memory: waiting,
    timeout: 10,
  },
  {
    name: 'send',
    access: { sessions: ['GetItem', ...announcing], messages: ['GetItem', 'Query', 'PutItem'] },
    connections: pushAndClose,
    memory: oneProcessor,
    timeout: 10,
  },
  {
    name: 'history',
    access: { rooms: standing, messages: ['GetItem', 'Query'] },
    connections: pushAndClose,
    memory: encoding,
    timeout: 10,
  },
  {
    name: 'participants',
    access: { sessions: ['Query'], rooms: standing },
    connections: pushAndClose,
    memory: waiting,
    timeout: 10,
  },
  {
    name: 'rooms',
    access: { rooms: [...standing, 'PutItem'], messages: ['PutItem'] },
    connections: pushAndClose,
    memory: waiting,
    timeout: 10,
  },
  {
    name: 'roles',
    access: {
      sessions: ['BatchGetItem', ...announcing],
      rooms: [...standing, 'Query', 'PutItem', 'DeleteItem'],
    },
    connections: pushAndClose,
    memory: waiting,
    timeout: 10,
  },
]

/** Asked before `$connect`; it is no route. Checking one signature is short, but a handshake waits for it. */
export const authorizer: FunctionLine = {
  name: 'authorizer',
  access: {},
  connections: [],
  memory: waiting,
  timeout: 10,
}

function verb(key: string, functionName: string): RouteLine {
  const file = key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
  return { key, function: functionName, file, exportName: key }
}
