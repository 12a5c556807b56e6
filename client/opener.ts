import type { Clock } from './clock.ts'
import { ChatError, ConnectionError } from './errors.ts'
import {
  checkUrl,
  handshakeError,
  messageOf,
  misconfigured,
  refusedWithoutReason,
  unauthorized,
  unreachable,
  withoutSecrets,
} from './handshake.ts'
import { NoReply, NotOpened, Socket, type SocketEvents } from './socket.ts'
import { tokenEnd } from './token.ts'
import type { WebSocketConstructor } from './web-socket.ts'

export interface OpenerOptions {
  readonly url: string
  readonly token: () => string | Promise<string>
  readonly webSocket: WebSocketConstructor
  readonly clock: Clock
  /** How long to wait for the reply to a request, in milliseconds. */
  readonly timeoutMs: number
  /** Whether a server answers at the URL. Called when the platform does not tell why a handshake failed. */
  readonly isReachable: (url: string) => Promise<boolean>
}

/** An open connection, and the end of its token in milliseconds since 1970, if the token tells it. */
export interface Opened {
  readonly socket: Socket
  readonly endsAt: number | undefined
}

/** How long to wait for a token, and for a handshake, in milliseconds. A shorter wait would waste work of a busy server. */
const openTimeoutMs = 20_000

/** Opens connections, each with a new token, and closes those that are still open. */
export class Opener {
  readonly #options: OpenerOptions
  readonly #events: SocketEvents
  readonly #sockets = new Set<Socket>()
  readonly #withoutToken = new WeakSet<ConnectionError>()
  /** The socket that is being opened. */
  #opening: Socket | undefined
  #stopTimer = (): void => undefined
  /** Another one after each call of `dispose`. */
  #attempt = {}

  constructor(options: OpenerOptions, events: SocketEvents) {
    this.#options = options
    this.#events = {
      ...events,
      closed: (socket, code) => {
        this.#sockets.delete(socket)
        events.closed(socket, code)
      },
    }
  }

  /** Whether another connection than this one is being opened. The server may know it already. */
  isOpeningOther(socket: Socket): boolean {
    return this.#opening !== undefined && this.#opening !== socket
  }

  /** Whether this error came from the token callback. */
  hadNoToken(error: ConnectionError): boolean {
    return this.#withoutToken.has(error)
  }

  /** Returns a function that tells whether the present attempt is still wanted: `dispose` was not called since. */
  get attempt(): () => boolean {
    const attempt = this.#attempt
    return () => attempt === this.#attempt
  }

  /** Ends the attempt in progress, and closes all connections. */
  dispose(): void {
    this.#attempt = {}
    this.#stopTimer()
    for (const socket of [...this.#sockets]) socket.close()
  }

  /**
   * Opens a connection, and resolves when `use` has resolved for it. Rejects with a ConnectionError. If the platform
   * gives no reason for a failed handshake, a client that was never connected checks whether a server answers at the
   * URL.
   */
  async open(use: (socket: Socket) => Promise<void>, wasConnected: boolean): Promise<Opened> {
    const wrongUrl = checkUrl(this.#options.url)
    if (wrongUrl) throw wrongUrl
    const isCurrent = this.attempt
    const token = await this.#token(wasConnected)
    if (!isCurrent()) throw unreachable('The attempt was cancelled.')
    const socket = this.#socket(token)
    this.#opening = socket
    let isLate = false
    const stopTimer = this.#options.clock.after(openTimeoutMs, () => {
      isLate = true
      socket.close()
    })
    try {
      await socket.opened.finally(stopTimer)
      await use(socket)
      if (!socket.isOpen) throw new NoReply('closed')
      return { socket, endsAt: tokenEnd(token) }
    } catch (error) {
      socket.close()
      throw isLate
        ? unreachable('No answer came within 20 seconds.', error)
        : await this.#explain(error, token, wasConnected)
    } finally {
      if (this.#opening === socket) this.#opening = undefined
    }
  }

  async #explain(error: unknown, token: string, wasConnected: boolean): Promise<ConnectionError> {
    const { clock } = this.#options
    if (error instanceof ConnectionError) return error
    // On the next connection the server would refuse the same request.
    if (error instanceof ChatError && !error.retryable) return misconfigured(error.message, error)
    if (!(error instanceof NotOpened)) return unreachable('The connection could not be made.', error)
    const known = handshakeError(error.handshake, token, clock.now())
    if (known) return known
    const isServerThere = !wasConnected && (await this.#isServerThere())
    return isServerThere ? refusedWithoutReason(error) : unreachable('The connection could not be made.', error)
  }

  /** Whether a server answers at the URL in time. */
  #isServerThere(): Promise<boolean> {
    const { clock, url, isReachable } = this.#options
    return new Promise((resolve) => {
      this.#stopTimer = clock.after(openTimeoutMs, () => resolve(false))
      void Promise.resolve(url)
        .then(isReachable)
        .then(resolve, () => resolve(false))
        .finally(this.#stopTimer)
    })
  }

  async #token(wasConnected: boolean): Promise<string> {
    const { token, clock } = this.#options
    let stopTimer = (): void => undefined
    const late = new Promise<never>((_, reject) => {
      stopTimer = clock.after(openTimeoutMs, () => reject(unreachable('No token came within 20 seconds.')))
    })
    this.#stopTimer = stopTimer
    try {
      return validToken(await Promise.race([Promise.resolve().then(token), late]))
    } catch (error) {
      const message = `There is no token: ${messageOf(error)}`
      // The callback may need the network as well.
      const failure = wasConnected ? unreachable(message, error) : unauthorized(message, error)
      const thrown = error instanceof ConnectionError ? error : failure
      this.#withoutToken.add(thrown)
      throw thrown
    } finally {
      stopTimer()
    }
  }

  #socket(token: string): Socket {
    const { url, webSocket: Constructor, clock, timeoutMs } = this.#options
    try {
      const raw = new Constructor(url, ['chat.v1', `bearer.${token}`])
      const socket = new Socket(raw, clock, timeoutMs, this.#events)
      this.#sockets.add(socket)
      return socket
    } catch (error) {
      throw misconfigured(`The platform cannot open a WebSocket: ${withoutSecrets(messageOf(error))}`, error)
    }
  }
}

/** A subprotocol, which carries the token, allows only these characters. */
function validToken(token: unknown): string {
  if (typeof token === 'string' && /^[\w.~+/=-]+$/.test(token)) return token
  throw new TypeError('the token callback gave no JWT.')
}
