import { WebSocket, WebSocketServer } from 'ws'

/**
 * What rooms on one long-lived server cost: numbers a message, hands it to every other socket and answers the sender.
 * It keeps nothing, knows nobody and checks nothing; latencies are told as multiples of its own.
 */
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
let seq = 0

server.on('connection', (author) => {
  author.on('message', (data: Buffer) => {
    const { id, roomId, text } = JSON.parse(data.toString())
    const message = { roomId, seq: ++seq, sentAt: new Date().toISOString(), from: { user: 'a', name: 'a' }, text }
    const push = JSON.stringify({ type: 'message', ...message })
    for (const other of server.clients) {
      if (other !== author && other.readyState === WebSocket.OPEN) other.send(push)
    }
    author.send(JSON.stringify({ id, ok: true, message, duplicate: false }))
  })
})

server.on('listening', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`ws://127.0.0.1:${address.port}`)
})
