import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { frameBytes, readFrame } from './server-frames.ts'
import type { Frame } from './socket/chat-socket.ts'

/** One connection of a client through the gateway. */
export interface Link {
  /** Whether the user was told to be out of the room. */
  wasKicked: boolean
  /** A frame that a fault keeps. */
  held: Frame | undefined
  /** Sends a frame to the client. */
  send(frame: Frame): void
}

/** What becomes of a frame of the server: the frames to send in its place. */
export type Fault = (frame: Frame, link: Link, links: ReadonlySet<Link>) => Frame[]

/**
 * A gateway in front of a chat that breaks what the chat promises. What clients send passes unchanged, byte by byte;
 * frames of the server pass the fault.
 */
export class FaultyGateway {
  fault: Fault = (frame) => [frame]
  readonly #server: Server
  readonly #links = new Set<Link>()
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async before(url: string): Promise<FaultyGateway> {
    const { hostname, port } = new URL(url)
    const server = createServer()
    const gateway = new FaultyGateway(server)
    server.on('connection', (near) => gateway.#join(near, connect(Number(port), hostname)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return gateway
  }

  /** The address of the chat behind this gateway. */
  url(chat: string): string {
    const address = this.#server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    return chat.replace(/:\d+/, `:${port}`)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket, far: Socket): void {
    const link: Link = {
      wasKicked: false,
      held: undefined,
      send: (frame) => void near.write(frameBytes(JSON.stringify(frame))),
    }
    this.#links.add(link)
    near.pipe(far)
    let rest = Buffer.alloc(0)
    let carries: 'unknown' | 'frames' | 'documents' = 'unknown'
    far.on('data', (data: Buffer) => {
      if (carries === 'documents') return void near.write(data)
      rest = Buffer.concat([rest, data])
      if (carries === 'unknown') {
        const end = rest.indexOf('\r\n\r\n') + 4
        if (end < 4) return
        carries = rest.toString('latin1', 0, 13) === 'HTTP/1.1 101 ' ? 'frames' : 'documents'
        const passed = carries === 'frames' ? end : rest.length
        near.write(rest.subarray(0, passed))
        rest = rest.subarray(passed)
      }
      for (let frame = readFrame(rest); frame; frame = readFrame(rest)) {
        rest = rest.subarray(frame.size)
        if (frame.text === undefined) near.write(frame.bytes)
        else this.#pass(JSON.parse(frame.text), link)
      }
    })
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#links.delete(link)
        this.#sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
  }

  #pass(frame: Frame, link: Link): void {
    for (const one of this.fault(frame, link, this.#links)) link.send(one)
    if (frame.type === 'kicked') link.wasKicked = true
  }
}
