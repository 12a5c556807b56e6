/** The table of contents: every route of the API and the function that runs it. */

/** One route of the WebSocket API. */
export interface Route {
  /** The `action` of a frame, or a key that API Gateway defines: `$connect`, `$disconnect`, `$default`. */
  key: string
  /** Its name in `functions.ts`; `lambdas/functions/<name>.ts` runs the route. */
  function: string
}

/** API Gateway answers this route with a template, so a keep-alive costs no invocation. */
export const ping = 'ping'

/** Every route that a function runs. */
export const routes: readonly Route[] = [
  { key: '$connect', function: 'connect' },
  { key: '$disconnect', function: 'disconnect' },
  { key: '$default', function: 'unknown' },
  { key: 'hello', function: 'hello' },
  { key: 'sync', function: 'sync' },

  { key: 'join', function: 'join' },
  { key: 'leave', function: 'leave' },
  { key: 'send', function: 'send' },
  { key: 'history', function: 'history' },
  { key: 'participants', function: 'participants' },

  { key: 'createRoom', function: 'rooms' },
  { key: 'getRoom', function: 'rooms' },
  { key: 'updateRoom', function: 'rooms' },
  { key: 'moveRoom', function: 'rooms' },
  { key: 'deleteRoom', function: 'rooms' },

  { key: 'createCategory', function: 'categories' },
  { key: 'updateCategory', function: 'categories' },
  { key: 'deleteCategory', function: 'categories' },
  { key: 'categories', function: 'categories' },

  { key: 'browse', function: 'directory' },
  { key: 'invitations', function: 'people' },
  { key: 'preference', function: 'people' },
  { key: 'block', function: 'people' },
  { key: 'unblock', function: 'people' },
  { key: 'blocks', function: 'people' },

  { key: 'grant', function: 'roles' },
  { key: 'revoke', function: 'roles' },
  { key: 'roles', function: 'roles' },

  { key: 'removeMessages', function: 'moderation' },
  { key: 'purge', function: 'moderation' },
  { key: 'record', function: 'moderation' },

  { key: 'suspend', function: 'administration' },
  { key: 'unsuspend', function: 'administration' },
  { key: 'suspended', function: 'administration' },
  { key: 'disconnect', function: 'administration' },
  { key: 'retention', function: 'administration' },
  { key: 'legalHold', function: 'administration' },
  { key: 'erase', function: 'administration' },
]
