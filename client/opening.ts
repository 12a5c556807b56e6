import type { Clock } from './clock.ts'
import { ChatError, ConnectionError } from './errors.ts'
import {
  checkUrl,
  errorOf,
  misconfigured,
  refusedWithoutReason,
  unauthorized,
  unreachable,
  withoutSecrets,
  wordsOf,
} from './handshake.ts'
import { NoReply, NotOpened, Socket, type SocketEvents } from './socket.ts'
import { tokenEnd } from './token.ts'
import type { WebSocketConstructor } from './web-socket.ts'

export interface OpeningOptions {
  readonly url: string
  readonly token: () => string | Promise<string>
  readonly webSocket: WebSocketConstructor
  readonly clock: Clock
  /** How long a request may go unanswered, in milliseconds. */
  readonly patienceMs: number
  /** Whether a server answers at the address at all, where the platform does not say why it refused a handshake. */
  readonly isReachable: (url: string) => Promise<boolean>
}

/** An open connection, and when its token ends, in milliseconds since 1970, as far as that is known. */
export interface Opened {
  readonly socket: Socket
  readonly endsAt: number | undefined
}

/** The milliseconds for a token, and for a handshake: giving up early costs a busy server the work it has begun. */
const openingMs = 20_000

/** Makes connections, each with a token of its own, and knows those that are not closed yet. */
export class Opening {
  readonly #options: OpeningOptions
  readonly #events: SocketEvents
  readonly #sockets = new Set<Socket>()
  readonly #withoutToken = new WeakSet<ConnectionError>()
  #making: Socket | undefined
  #stopTimer = (): void => undefined
  /** Counts the calls of `dispose`. */
  #turn = 0

  constructor(options: OpeningOptions, events: SocketEvents) {
    this.#options = options
    this.#events = {
      ...events,
      closed: (socket, code) => {
        this.#sockets.delete(socket)
        events.closed(socket, code)
      },
    }
  }

  /** Whether another connection than this one is being made, and the server may know of it already. */
  isMakingOther(socket: Socket): boolean {
    return this.#making !== undefined && this.#making !== socket
  }

  /** Whether the attempt ended since there was no token. */
  hadNoToken(error: ConnectionError): boolean {
    return this.#withoutToken.has(error)
  }

  /** Answers a function that tells whether `dispose` was not called since. */
  get turn(): () => boolean {
    const turn = this.#turn
    return () => turn === this.#turn
  }

  /** Ends the attempt that is under way, and closes open connections. */
  dispose(): void {
    this.#turn++
    this.#stopTimer()
    for (const socket of [...this.#sockets]) socket.close()
  }

  /**
   * Opens a connection and passes it to `use` before it is answered. Rejects with a ConnectionError. Where the platform
   * gives no reason for a failed handshake, a client that was never connected asks whether a server answers at all.
   */
  async open(use: (socket: Socket) => Promise<void>, wasConnected: boolean): Promise<Opened> {
    const wrong = checkUrl(this.#options.url)
    if (wrong) throw wrong
    const isOurs = this.turn
    const token = await this.#token(wasConnected)
    if (!isOurs()) throw unreachable('The attempt was called off.')
    const socket = this.#socket(token)
    this.#making = socket
    let isLate = false
    const stopTimer = this.#options.clock.after(openingMs, () => {
      isLate = true
      socket.close()
    })
    try {
      await socket.opened
      stopTimer()
      await use(socket)
      if (!socket.isOpen) throw new NoReply('closed')
      return { socket, endsAt: tokenEnd(token) }
    } catch (error) {
      socket.close()
      throw isLate
        ? unreachable('No answer came within 20 seconds.', error)
        : await this.#explained(error, token, wasConnected)
    } finally {
      if (this.#making === socket) this.#making = undefined
      stopTimer()
    }
  }

  async #explained(error: unknown, token: string, wasConnected: boolean): Promise<ConnectionError> {
    const { clock } = this.#options
    if (error instanceof ConnectionError) return error
    // The next connection would have its first request refused as well.
    if (error instanceof ChatError && !error.retryable) return misconfigured(error.message, error)
    if (!(error instanceof NotOpened)) return unreachable('The connection could not be made.', error)
    const known = errorOf(error.handshake, token, clock.now())
    if (known) return known
    const isThere = !wasConnected && (await this.#isThere())
    return isThere ? refusedWithoutReason(error) : unreachable('The connection could not be made.', error)
  }

  /** What does not answer in time is not there. */
  #isThere(): Promise<boolean> {
    const { clock, url, isReachable } = this.#options
    return new Promise((resolve) => {
      this.#stopTimer = clock.after(openingMs, () => resolve(false))
      void Promise.resolve(url)
        .then(isReachable)
        .catch(() => false)
        .then(resolve)
        .finally(this.#stopTimer)
    })
  }

  async #token(wasConnected: boolean): Promise<string> {
    const { token, clock } = this.#options
    let stopTimer = (): void => undefined
    const late = new Promise<never>((_, reject) => {
      stopTimer = clock.after(openingMs, () => reject(unreachable('No token came within 20 seconds.')))
    })
    this.#stopTimer = stopTimer
    try {
      return text(await Promise.race([Promise.resolve().then(token), late]))
    } catch (error) {
      const told = `There is no token: ${wordsOf(error)}`
      // The callback may need the network, too.
      const failure = wasConnected ? unreachable(told, error) : unauthorized(told, error)
      const thrown = error instanceof ConnectionError ? error : failure
      this.#withoutToken.add(thrown)
      throw thrown
    } finally {
      stopTimer()
    }
  }

  #socket(token: string): Socket {
    const { url, webSocket: Constructor, clock, patienceMs } = this.#options
    try {
      const raw = new Constructor(url, ['chat.v1', `bearer.${token}`])
      const socket = new Socket(raw, clock, patienceMs, this.#events)
      this.#sockets.add(socket)
      return socket
    } catch (error) {
      throw misconfigured(`No WebSocket can be made here: ${withoutSecrets(wordsOf(error))}`, error)
    }
  }
}

/** A token of the characters that a JWT, and a subprotocol, may have. */
function text(token: unknown): string {
  if (typeof token === 'string' && /^[\w.~+/=-]+$/.test(token)) return token
  throw new TypeError('the token callback gave no JWT.')
}
