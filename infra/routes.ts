/** The table of contents: every route of the API, the function that runs it, and the file that holds its code. */

/** One route of the WebSocket API. */
export interface Route {
  /** The `action` of a frame, or a key that API Gateway defines: `$connect`, `$disconnect`, `$default`. */
  key: string
  /** Name of a function in `functions.ts`. */
  function: string
  /** `lambdas/routes/<file>.ts` */
  file: string
  /** The export of that file that runs the route. */
  exportName: string
}

/** API Gateway answers this route with a template, so a keep-alive costs no invocation. */
export const ping = 'ping'

/** Every route that a function runs. */
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

/** A route whose file and export have the name of its key: `createRoom` is `createRoom` in `create-room.ts`. */
function verb(key: string, functionName: string): Route {
  const file = key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
  return { key, function: functionName, file, exportName: key }
}
