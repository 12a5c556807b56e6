import { connect, type TLSSocket } from 'node:tls'

/** The minimal post: it signs nothing and reads only the end of the response. */
export class Floor {
  readonly #to: URL
  readonly #idle: TLSSocket[] = []

  constructor(endpoint: string) {
    this.#to = new URL(endpoint)
  }

  async post(connectionId: string, frame: string): Promise<void> {
    const socket = this.#idle.pop() ?? this.#connect()
    const path = `${this.#to.pathname}/@connections/${encodeURIComponent(connectionId)}`
    const head = `POST ${path} HTTP/1.1\r\nhost: ${this.#to.host}\r\ncontent-length: ${Buffer.byteLength(frame)}\r\n\r\n`
    await new Promise<void>((resolve, reject) => {
      socket.once('data', (bytes: Buffer) => {
        if (bytes.toString('latin1').endsWith('\r\n\r\n')) resolve()
        else reject(new Error('The response came in several pieces.'))
      })
      socket.write(head + frame)
    })
    this.#idle.push(socket)
  }

  #connect(): TLSSocket {
    return connect({ host: this.#to.hostname, port: Number(this.#to.port) }).setNoDelay(true)
  }
}
