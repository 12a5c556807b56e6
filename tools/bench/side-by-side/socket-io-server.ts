import { createServer } from 'node:http'
import { CreateTableCommand } from '@aws-sdk/client-dynamodb'
import { Server } from 'socket.io'
import { startEngine } from '../../../local/dynamodb/engine.ts'
import { clientAt } from '../../load/tables.ts'
import { endWithInput } from '../spawned.ts'
import { DurableLog } from './durable-log.ts'
import type { Draft } from './format.ts'
import { type MessageLog, NoLog } from './message-log.ts'

/**
 * Rooms of Socket.IO with its in-memory adapter. `send` stores a message, broadcasts it and replies; `join` enters a room
 * and returns the messages after a position. With the argument `log` there is a durable log in its own database.
 */
const log: MessageLog = process.argv[2] === 'log' ? await durableLog() : new NoLog()
const http = createServer()
const io = new Server(http, { serveClient: false, transports: ['websocket'] })

io.on('connection', (socket) => {
  const { user } = socket.handshake.auth
  socket.on('join', async ({ roomId, after }: Pick<Draft, 'roomId' | 'after'>, answer: (reply: object) => void) => {
    // Enters before it reads the log, so that a message sent meanwhile is broadcast or read, or both.
    await socket.join(roomId)
    answer({ ok: true, messages: await log.since(roomId, after) })
  })
  socket.on('send', async (draft: Draft, answer: (reply: object) => void) => {
    if (!socket.rooms.has(draft.roomId)) return answer({ ok: false, error: 'not_joined' })
    try {
      const appended = await log.append(user, draft)
      if (appended === 'id_reused') return answer({ ok: false, error: appended })
      // The first attempt of a repeated message may have ended before its broadcast.
      socket.to(draft.roomId).emit('message', appended.message)
      answer({ ok: true, ...appended })
    } catch {
      answer({ ok: false, error: 'unavailable' })
    }
  })
})

http.listen(0, '127.0.0.1', () => {
  const address = http.address()
  if (address !== null && typeof address === 'object') console.log(`ws://127.0.0.1:${address.port}`)
})

endWithInput()

async function durableLog(): Promise<DurableLog> {
  const { endpoint } = await startEngine({ root: process.cwd() })
  const client = clientAt(endpoint)
  await client.send(
    new CreateTableCommand({
      TableName: 'Messages',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'roomId', KeyType: 'HASH' },
        { AttributeName: 'seq', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'roomId', AttributeType: 'S' },
        { AttributeName: 'seq', AttributeType: 'N' },
      ],
    }),
  )
  return new DurableLog(client, 'Messages')
}
