import { backoffMs, between, heartbeatMs, type Random, rotationMs } from './backoff.ts'
import type { Clock } from './clock.ts'
import { ConnectionError, InvalidOperationError } from './errors.ts'
import type { Push } from './pushes.ts'
import { Socket, Undecided } from './socket.ts'
import { endOf } from './token.ts'
import type { WebSocketConstructor } from './web-socket.ts'

/**
 * `idle` before `connect`, `connecting` while a connection is being made and the rooms move to it, `connected`,
 * `waiting` for the next attempt, `closed` for good.
 */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'waiting' | 'closed'

export interface StateChange {
  readonly state: ConnectionState
  /** With `waiting`: what went wrong, and in how many milliseconds the next attempt is made. */
  readonly error?: Error
  readonly retryInMs?: number
}

export interface ConnectionOptions {
  readonly url: string
  readonly token: () => string | Promise<string>
  readonly webSocket: WebSocketConstructor
  readonly clock: Clock
  readonly random: Random
  /** How long a request may go unanswered, in milliseconds. */
  readonly patienceMs: number
}

export interface ConnectionEvents {
  state(change: StateChange): void
  /** A new socket is open: whatever lives on the connection moves to it before it is used for anything else. */
  moving(socket: Socket): Promise<void>
  moved(): void
  push(push: Push): void
  lost(socket: Socket): void
  /** Shows life on the socket, and asks what was missed. */
  heartbeat(socket: Socket, timeoutMs: number): Promise<unknown>
}

interface Established {
  readonly socket: Socket
  /** When its token ends, in milliseconds since 1970, as far as that is known. */
  readonly endsAt: number | undefined
}

/** A sign of life has to be answered within this many milliseconds. */
const answerMs = 10_000

/** A token and a handshake get this many milliseconds each: giving up early costs a busy server the work it has begun. */
const openingMs = 20_000

/** A connection that lasted this long, in milliseconds, was a good one: the next wait starts small. */
const steadyMs = 5000

/** Keeps one connection open: makes it, watches it, replaces it before it ends, and makes it anew when it broke. */
export class Connection {
  #state: ConnectionState = 'idle'
  #current: Socket | undefined
  #since = 0
  #failures = 0
  #making = false
  readonly #sockets = new Set<Socket>()
  readonly #options: ConnectionOptions
  readonly #events: ConnectionEvents
  #waiters: { resolve(socket: Socket): void; reject(error: Error): void }[] = []
  /** Timers that end with the current connection, and the one for the next attempt or for its token. */
  #timers: (() => void)[] = []
  #stopWaiting = (): void => undefined
  #beating = false

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options
    this.#events = events
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** The connection there is now, if there is one. */
  get current(): Socket | undefined {
    return this.#current
  }

  /** Resolves at the first connection. Attempts go on until there is one. */
  async connect(): Promise<void> {
    if (this.#state === 'closed') throw new InvalidOperationError('A client that was closed stays closed.')
    if (this.#state === 'idle') this.#make()
    await this.socket()
  }

  /** The current connection, or the next one there will be. Rejects when there is none to wait for. */
  socket(): Promise<Socket> {
    if (this.#current) return Promise.resolve(this.#current)
    if (this.#state === 'idle' || this.#state === 'closed') return Promise.reject(notConnected())
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#enter({ state: 'closed' })
    this.#stopTimers()
    this.#stopWaiting()
    for (const { reject } of this.#waiters.splice(0)) reject(notConnected())
    this.#current = undefined
    for (const socket of [...this.#sockets]) socket.close()
  }

  /** Looks at once whether the connection still lives, or makes it at once where it waits. */
  check(): void {
    if (this.#state === 'waiting') this.#make()
    else if (this.#current) void this.#beat(this.#current)
  }

  #make(): void {
    if (this.#making || this.#state === 'closed') return
    this.#stopWaiting()
    this.#making = true
    if (!this.#current) this.#enter({ state: 'connecting' })
    void this.#establish().then(
      ({ socket, endsAt }) => {
        this.#making = false
        this.#adopt(socket, endsAt)
      },
      (error: unknown) => {
        this.#making = false
        this.#again(error instanceof Error ? error : new Error(String(error)))
      },
    )
  }

  async #establish(): Promise<Established> {
    const { url, token, webSocket: Constructor, clock, patienceMs } = this.#options
    const late = new Promise<never>((_, reject) => {
      const giveUp = () => reject(new ConnectionError('No token came.'))
      this.#stopWaiting = clock.after(openingMs, giveUp)
    })
    const bearer = await Promise.race([token(), late])
    this.#stopWaiting()
    if (this.#state === 'closed') throw notConnected()
    const raw = new Constructor(url, ['chat.v1', `bearer.${bearer}`])
    const socket = new Socket(raw, clock, patienceMs, {
      push: (push, from) => this.#receive(push, from),
      closed: (ended) => this.#lost(ended),
      silent: (hanging) => void (hanging === this.#current && this.#beat(hanging)),
    })
    this.#sockets.add(socket)
    const stopTimer = clock.after(openingMs, () => socket.close())
    try {
      await socket.opened
      stopTimer()
      await this.#events.moving(socket)
      if (!socket.isOpen) throw new Undecided('closed')
      return { socket, endsAt: endOf(bearer) }
    } catch (error) {
      socket.close()
      throw error instanceof Undecided ? new ConnectionError('The connection could not be made.') : error
    } finally {
      stopTimer()
    }
  }

  #adopt(socket: Socket, endsAt: number | undefined): void {
    if (!socket.isOpen) this.#again(new ConnectionError('The connection was lost.'))
    if (this.#state === 'closed') socket.close()
    if (this.#state === 'closed' || !socket.isOpen) return
    const { clock, random } = this.#options
    const before = this.#current
    this.#stopTimers()
    this.#current = socket
    this.#since = clock.now()
    const moveInMs = rotationMs(random, endsAt === undefined ? undefined : endsAt - this.#since)
    this.#timers.push(clock.after(moveInMs, () => this.#rotate(socket)))
    this.#scheduleBeat(socket)
    this.#enter({ state: 'connected' })
    this.#events.moved()
    for (const { resolve } of this.#waiters.splice(0)) resolve(socket)
    before?.retire()
  }

  /** The old connection serves until the new one has everything. */
  #rotate(socket: Socket): void {
    if (socket !== this.#current) return
    this.#failures = 0
    this.#make()
  }

  #again(error: Error): void {
    if (this.#state === 'closed' || this.#making) return
    const { clock, random } = this.#options
    const retryInMs = backoffMs(this.#failures++, random)
    this.#stopWaiting()
    this.#stopWaiting = clock.after(retryInMs, () => this.#make())
    if (!this.#current) this.#enter({ state: 'waiting', error, retryInMs })
  }

  #lost(socket: Socket): void {
    this.#sockets.delete(socket)
    const isCurrent = socket === this.#current
    if (isCurrent) this.#current = undefined
    this.#events.lost(socket)
    if (!isCurrent) return
    this.#stopTimers()
    if (this.#options.clock.now() - this.#since >= steadyMs) this.#failures = 0
    if (this.#making) this.#enter({ state: 'connecting' })
    else this.#again(new ConnectionError('The connection was lost.'))
  }

  #receive(push: Push, socket: Socket): void {
    if (push.type !== 'goaway') this.#events.push(push)
    else if (socket === this.#current) {
      const { clock, random } = this.#options
      // Others may have been told the same.
      const moveInMs = between(0, push.reconnectInMs, random)
      this.#timers.push(clock.after(moveInMs, () => this.#rotate(socket)))
    }
  }

  #scheduleBeat(socket: Socket): void {
    const { clock, random } = this.#options
    this.#timers.push(clock.after(heartbeatMs(random), () => void this.#beat(socket).then(() => this.#beatOn(socket))))
  }

  #beatOn(socket: Socket): void {
    if (socket === this.#current) this.#scheduleBeat(socket)
  }

  /** What is answered at all, lives. */
  async #beat(socket: Socket): Promise<void> {
    if (this.#beating) return
    this.#beating = true
    try {
      await this.#events.heartbeat(socket, answerMs)
    } catch (error) {
      if (error instanceof Undecided && error.reason === 'timeout') socket.close()
    } finally {
      this.#beating = false
    }
  }

  #enter(change: StateChange): void {
    if (change.state === this.#state && change.state !== 'waiting') return
    this.#state = change.state
    this.#events.state(change)
  }

  #stopTimers(): void {
    for (const stop of this.#timers.splice(0)) stop()
  }
}

const notConnected = () => new ConnectionError('The client is not connected.')
