import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Frame } from './chat-socket.ts'

/** Answers a request with the fields beside `id` and `ok`; `say` sends further frames. */
export type Script = (request: Frame, say: (frame: object) => void, socket: WebSocket) => object | undefined

/** A server of real sockets that says what no server of this project says yet. */
export class ScriptedWire {
  readonly url: string
  readonly asked: Frame[] = []
  /** Connections so far. */
  opened = 0
  readonly #server: WebSocketServer

  private constructor(server: WebSocketServer, script: Script) {
    this.#server = server
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`
    server.on('connection', (socket) => {
      this.opened++
      const say = (frame: object) => socket.send(JSON.stringify(frame))
      socket.on('message', (data) => {
        const request: Frame = JSON.parse(String(data))
        this.asked.push(request)
        const answer = script(request, say, socket)
        if (answer) say({ id: request.id, ok: true, ...answer })
      })
    })
  }

  static async start(script: Script): Promise<ScriptedWire> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'chat.v1' })
    await once(server, 'listening')
    return new ScriptedWire(server, script)
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
