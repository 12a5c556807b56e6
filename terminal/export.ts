import { parseArgs } from 'node:util'
import WebSocket from 'ws'
import { fail, tokenFor } from './token.ts'

/**
 * Writes the compliance record of a room as JSON lines:
 *
 *     npm run --silent export -- --url wss://… --room <roomId> [--from <time>] [--to <time>]
 *
 * `CHAT_TOKEN` holds an administrator's token; the local run is asked for one when it is not set.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'ws://127.0.0.1:3000/chat' },
    room: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    group: { type: 'string', default: 'chat-admins' },
  },
})

interface Reply {
  ok: boolean
  entries?: object[]
  cursor?: string
  error?: { code: string; message: string }
}

const { url, room, from, to, group } = values
if (!room) fail('--room is missing: the id of the room.')

const socket = new WebSocket(url, [
  'chat.v1',
  `bearer.${await tokenFor(url, { user: 'export', groups: group }).catch(fail)}`,
])
socket.on('error', (error) => fail(`${url}: ${error.message}`))
socket.on('open', () => ask())
socket.on('close', () => fail('The connection was closed.'))
socket.on('message', (data) => {
  const reply: Reply = JSON.parse(String(data))
  if (!reply.ok) fail(reply.error ? `${reply.error.code}: ${reply.error.message}` : String(data))
  for (const entry of reply.entries ?? []) process.stdout.write(`${JSON.stringify(entry)}\n`)
  if (reply.cursor) return ask(reply.cursor)
  socket.removeAllListeners('close')
  socket.close()
})

function ask(cursor?: string): void {
  socket.send(JSON.stringify({ action: 'record', id: 'export', roomId: room, from, to, cursor }))
}
