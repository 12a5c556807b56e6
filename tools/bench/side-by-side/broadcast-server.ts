import { WebSocket, WebSocketServer } from 'ws'
import { endWithInput } from '../spawned.ts'

/**
 * The minimum for rooms on one long-lived server: it numbers a message, sends it to the other sockets of the room and
 * replies to the sender. It stores nothing and checks nothing. The figures of other servers are multiples of its figures.
 */
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
const rooms = new Map<string, { sockets: Set<WebSocket>; seq: number }>()

server.on('connection', (author, { url = '/' }) => {
  const room = rooms.get(url) ?? { sockets: new Set(), seq: 0 }
  rooms.set(url, room)
  room.sockets.add(author)
  author.on('close', () => room.sockets.delete(author))
  author.on('message', (data: Buffer) => {
    const { id, roomId, text, clientMessageId } = JSON.parse(data.toString())
    const [sentAt, from] = [new Date().toISOString(), { user: 'a', name: 'a' }]
    const message = { roomId, seq: ++room.seq, sentAt, from, clientMessageId, text }
    const push = JSON.stringify({ type: 'message', ...message })
    for (const other of room.sockets) {
      if (other !== author && other.readyState === WebSocket.OPEN) other.send(push)
    }
    author.send(JSON.stringify({ id, ok: true, message, duplicate: false }))
  })
})

server.on('listening', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`ws://127.0.0.1:${address.port}`)
})

endWithInput()
