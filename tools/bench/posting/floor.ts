import { connect, type TLSSocket } from 'node:tls'

/** Posts of which nothing is signed and of whose answers nothing is read but where they end: less cannot be done. */
export class Floor {
  readonly #to: URL
  readonly #idle: TLSSocket[] = []

  constructor(endpoint: string) {
    this.#to = new URL(endpoint)
  }

  async post(connectionId: string, frame: string): Promise<void> {
    const socket = this.#idle.pop() ?? this.#dial()
    const path = `${this.#to.pathname}/@connections/${encodeURIComponent(connectionId)}`
    const head = `POST ${path} HTTP/1.1\r\nhost: ${this.#to.host}\r\ncontent-length: ${Buffer.byteLength(frame)}\r\n\r\n`
    await new Promise<void>((resolve, reject) => {
      socket.once('data', (bytes: Buffer) => {
        if (bytes.toString('latin1').endsWith('\r\n\r\n')) resolve()
        else reject(new Error('The peer answered in pieces.'))
      })
      socket.write(head + frame)
    })
    this.#idle.push(socket)
  }

  #dial(): TLSSocket {
    return connect({ host: this.#to.hostname, port: Number(this.#to.port) }).setNoDelay(true)
  }
}
