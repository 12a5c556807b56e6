import type { AbortSignalLike } from './abort.ts'
import { type ConnectionState, type StateChange, stoppedBy } from './connection-state.ts'
import { between, heartbeatMs, type Random, rotationMs } from './delays.ts'
import { ConnectionError, InvalidOperationError } from './errors.ts'
import { unreachable } from './handshake.ts'
import { type Opened, Opening, type OpeningOptions } from './opening.ts'
import type { Push } from './pushes.ts'
import { Retries } from './retries.ts'
import { NoReply, type Socket } from './socket.ts'
import { Waiters } from './waiters.ts'

export interface ReconnectingSocketOptions extends OpeningOptions {
  readonly random: Random
}

export interface ReconnectingSocketEvents {
  state(change: StateChange): void
  /** A new socket is open: whatever lives on the connection moves to it before it is used for anything else. */
  moving(socket: Socket): Promise<void>
  moved(socket: Socket): void
  push(push: Push): void
  lost(socket: Socket): void
  /** Asks for a sign of life on the socket, and for missed messages. */
  heartbeat(socket: Socket, timeoutMs: number): Promise<unknown>
}

/** A sign of life has to be answered within this many milliseconds. */
const answerMs = 10_000

/** Keeps one connection open: makes it, watches it, replaces it before it ends, and makes it anew when it broke. */
export class ReconnectingSocket {
  #change: StateChange = { state: 'idle' }
  #current: Socket | undefined
  #since = 0
  #making = false
  #wasConnected = false
  readonly #options: ReconnectingSocketOptions
  readonly #events: ReconnectingSocketEvents
  readonly #opening: Opening
  readonly #retries: Retries
  readonly #waiters = new Waiters<Socket>()
  readonly #stopped = new Waiters<void>()
  /** Timers that end with the current connection, and the one for the next attempt. */
  #timers: (() => void)[] = []
  #stopWaiting = (): void => undefined
  #beating = false

  constructor(options: ReconnectingSocketOptions, events: ReconnectingSocketEvents) {
    this.#options = options
    this.#events = events
    this.#retries = new Retries(options.random)
    this.#opening = new Opening(options, {
      push: (push, socket) => this.#receive(push, socket),
      closed: (socket, code) => this.#lost(socket, code),
      silent: (socket) => void (socket === this.#current && this.#beat(socket)),
    })
  }

  get state(): ConnectionState {
    return this.#change.state
  }

  /** The connection there is now, if there is one. */
  get current(): Socket | undefined {
    return this.#current
  }

  /** The reason why there is no connection and none is being made. */
  get error(): Error | undefined {
    const { state, error } = this.#change
    if (this.#current || state === 'connecting' || state === 'waiting') return undefined
    return state === 'idle' || state === 'closed' ? notConnected() : error
  }

  /** Resolves when there is a connection. Rejects with an error that waiting does not help. */
  async connect(signal?: AbortSignalLike): Promise<void> {
    if (this.state === 'closed') throw new InvalidOperationError('A client that was closed stays closed.')
    if (this.error) this.#make()
    await this.socket(signal)
  }

  /** The current connection, or the next one. Rejects when none is to come, or with the reason of the signal. */
  socket(signal?: AbortSignalLike): Promise<Socket> {
    if (this.#current) return Promise.resolve(this.#current)
    const { error } = this
    return error ? Promise.reject(error) : this.#waiters.wait(signal)
  }

  /** Resolves when no connection is there or under way. Rejects with the signal. */
  stopped(signal: AbortSignalLike): Promise<void> {
    return this.error ? Promise.resolve() : this.#stopped.wait(signal)
  }

  close(error?: Error): void {
    if (this.state !== 'closed') this.#stop({ state: 'closed', ...(error && { error }) }, notConnected())
  }

  /** Looks at once whether the connection still lives, or makes it at once where it waits. */
  check(): void {
    if (this.state === 'waiting') this.#make()
    else if (this.#current) void this.#beat(this.#current)
  }

  /** Ends all attempts. */
  #stop(change: StateChange, error: Error): void {
    this.#change = change
    this.#making = false
    this.#stopTimers()
    this.#stopWaiting()
    this.#current = undefined
    this.#opening.dispose()
    this.#waiters.reject(error)
    this.#stopped.resolve()
    this.#events.state(change)
  }

  #make(): void {
    if (this.#making || this.state === 'closed') return
    this.#stopWaiting()
    this.#making = true
    if (!this.#current) this.#enter({ state: 'connecting' })
    const isOurs = this.#opening.turn
    void this.#opening
      .open((socket) => this.#events.moving(socket), this.#wasConnected)
      .then(
        (opened) =>
          isOurs() && (opened.socket.isOpen ? this.#adopt(opened) : this.#failed(unreachable('It was lost.'))),
        (error: ConnectionError) => isOurs() && this.#failed(error),
      )
  }

  #adopt({ socket, endsAt }: Opened): void {
    this.#making = false
    const { clock, random } = this.#options
    const before = this.#current
    this.#stopTimers()
    this.#current = socket
    this.#wasConnected = true
    this.#since = clock.now()
    this.#retries.opened()
    const moveInMs = rotationMs(random, endsAt === undefined ? undefined : endsAt - this.#since)
    this.#timers.push(clock.after(moveInMs, () => this.#rotate(socket)))
    this.#scheduleBeat(socket)
    this.#enter({ state: 'connected' })
    this.#events.moved(socket)
    this.#waiters.resolve(socket)
    before?.retire()
  }

  /** The old connection serves until the new one has everything. */
  #rotate(socket: Socket): void {
    if (socket !== this.#current) return
    this.#retries.steady()
    this.#make()
  }

  /** An attempt failed. As long as there is a connection, it serves, and the next attempt comes later. */
  #failed(error: ConnectionError): void {
    this.#making = false
    // Who is asked for a token is asked once.
    const mends = !this.#opening.hadNoToken(error) && this.#retries.mends(error, this.#wasConnected)
    const stopped = stoppedBy(error)
    if (!mends && stopped && !this.#current) this.#stop({ state: stopped, error }, error)
    else this.#again(error, this.#retries.afterFailure(error.code))
  }

  #again(error: Error, retryInMs: number): void {
    this.#stopWaiting()
    this.#stopWaiting = this.#options.clock.after(retryInMs, () => this.#make())
    if (!this.#current) this.#enter({ state: 'waiting', error, retryInMs: Math.round(retryInMs) })
  }

  #lost(socket: Socket, code: number | undefined): void {
    const isCurrent = socket === this.#current
    if (isCurrent) this.#current = undefined
    this.#events.lost(socket)
    if (!isCurrent) return
    this.#stopTimers()
    const retryInMs = this.#retries.afterLoss(this.#options.clock.now() - this.#since, code)
    if (this.#making) this.#enter({ state: 'connecting' })
    else this.#again(unreachable(`The connection was lost${code === undefined ? '' : ` (${code})`}.`), retryInMs)
  }

  #receive(push: Push, socket: Socket): void {
    if (push.type !== 'goaway') this.#events.push(push)
    else if (socket === (this.#current ?? socket)) this.#sentAway(push, socket)
  }

  #sentAway({ reason, reconnectInMs }: Extract<Push, { type: 'goaway' }>, socket: Socket): void {
    const { clock, random } = this.#options
    // The connection that is being made may have replaced this one.
    if (reason === 'replaced' && !this.#opening.isMakingOther(socket)) {
      const error = new ConnectionError('The user opened a newer connection, and there may be no more of them.', reason)
      this.#stop({ state: reason, error }, error)
    } else if (socket === this.#current) {
      // Others may have been told the same.
      this.#timers.push(clock.after(between(0, reconnectInMs, random), () => this.#rotate(socket)))
    }
  }

  #scheduleBeat(socket: Socket): void {
    const { clock, random } = this.#options
    this.#timers.push(clock.after(heartbeatMs(random), () => void this.#beat(socket).then(() => this.#beatOn(socket))))
  }

  #beatOn(socket: Socket): void {
    if (socket === this.#current) this.#scheduleBeat(socket)
  }

  /** Any answer, even a refusal, shows that the connection lives. */
  async #beat(socket: Socket): Promise<void> {
    if (this.#beating) return
    this.#beating = true
    try {
      await this.#events.heartbeat(socket, answerMs)
    } catch (error) {
      if (error instanceof NoReply && error.reason === 'timeout') socket.close()
    } finally {
      this.#beating = false
    }
  }

  #enter(change: StateChange): void {
    if (change.state === this.state && change.state !== 'waiting') return
    this.#change = change
    this.#events.state(change)
  }

  #stopTimers(): void {
    for (const stop of this.#timers.splice(0)) stop()
  }
}

const notConnected = () => new ConnectionError('The client is not connected.', 'closed')
