import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Frame } from './chat-socket.ts'

/** Returns the fields of the reply besides `id` and `ok`; `push` sends further frames. */
export type Script = (request: Frame, push: (frame: object) => void, socket: WebSocket) => object | undefined

/** A server with real sockets and scripted replies, for frames that the chat does not send yet. */
export class ScriptedSocketServer {
  readonly url: string
  readonly requests: Frame[] = []
  /** Number of connections so far. */
  opened = 0
  readonly #server: WebSocketServer

  private constructor(server: WebSocketServer, script: Script) {
    this.#server = server
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`
    server.on('connection', (socket) => {
      this.opened++
      const push = (frame: object) => socket.send(JSON.stringify(frame))
      socket.on('message', (data) => {
        const request: Frame = JSON.parse(String(data))
        this.requests.push(request)
        const fields = script(request, push, socket)
        if (fields) push({ id: request.id, ok: true, ...fields })
      })
    })
  }

  static async start(script: Script): Promise<ScriptedSocketServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'chat.v1' })
    await once(server, 'listening')
    return new ScriptedSocketServer(server, script)
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
