import type { AbortSignalLike } from './abort.ts'
import { type ConnectionState, type StateChange, stoppedBy } from './connection-state.ts'
import { between, heartbeatMs, type Random, rotationMs } from './delays.ts'
import { ConnectionError, InvalidOperationError } from './errors.ts'
import { unreachable } from './handshake.ts'
import { type Opened, Opener, type OpenerOptions } from './opener.ts'
import type { Push } from './pushes.ts'
import { Retries } from './retries.ts'
import { NoReply, type Socket } from './socket.ts'
import { Waiters } from './waiters.ts'

export interface ReconnectingSocketOptions extends OpenerOptions {
  readonly random: Random
}

export interface ReconnectingSocketEvents {
  state(change: StateChange): void
  /** A new socket is open. The rooms move to it before it becomes the current one. */
  moving(socket: Socket): Promise<void>
  moved(socket: Socket): void
  push(push: Push): void
  lost(socket: Socket): void
  /** Sends a heartbeat on the socket. */
  heartbeat(socket: Socket, timeoutMs: number): Promise<unknown>
}

/** A heartbeat must be answered within this many milliseconds. */
const heartbeatTimeoutMs = 10_000

/** Keeps one connection open: opens it, watches it, replaces it before it ends, and reopens it when it is lost. */
export class ReconnectingSocket {
  #change: StateChange = { state: 'idle' }
  #current: Socket | undefined
  #openedAt = 0
  #isOpening = false
  #wasConnected = false
  #wasSuspended = false
  readonly #options: ReconnectingSocketOptions
  readonly #events: ReconnectingSocketEvents
  readonly #opener: Opener
  readonly #retries: Retries
  readonly #waiters = new Waiters<Socket>()
  readonly #stopped = new Waiters<void>()
  /** Stop the timers of the current connection. */
  #timers: (() => void)[] = []
  #cancelRetry = (): void => undefined
  #isHeartbeatPending = false

  constructor(options: ReconnectingSocketOptions, events: ReconnectingSocketEvents) {
    this.#options = options
    this.#events = events
    this.#retries = new Retries(options.random)
    this.#opener = new Opener(options, {
      push: (push, socket) => this.#receive(push, socket),
      closed: (socket, code) => this.#onLost(socket, code),
      onTimeout: (socket) => void (socket === this.#current && this.#heartbeat(socket)),
    })
  }

  get state(): ConnectionState {
    return this.#change.state
  }

  /** The current connection, if there is one. */
  get current(): Socket | undefined {
    return this.#current
  }

  /** Why there is no connection and none is being opened; undefined otherwise. */
  get error(): Error | undefined {
    const { state, error } = this.#change
    if (this.#current || state === 'connecting' || state === 'waiting') return undefined
    return state === 'idle' || state === 'closed' ? notConnected() : error
  }

  /** Resolves when there is a connection. Rejects if another try would not help. */
  async connect(signal?: AbortSignalLike): Promise<void> {
    if (this.state === 'closed') throw new InvalidOperationError('A client that was closed stays closed.')
    if (this.error) this.#open()
    await this.socket(signal)
  }

  /** The current connection, or the next one. Rejects if no further one is tried, or with the reason of the signal. */
  socket(signal?: AbortSignalLike): Promise<Socket> {
    if (this.#current) return Promise.resolve(this.#current)
    const { error } = this
    return error ? Promise.reject(error) : this.#waiters.wait(signal)
  }

  /** Resolves when no connection is open or tried. Rejects with the reason of the signal. */
  stopped(signal: AbortSignalLike): Promise<void> {
    return this.error ? Promise.resolve() : this.#stopped.wait(signal)
  }

  close(error?: Error): void {
    if (this.state !== 'closed') this.#stop({ state: 'closed', ...(error && { error }) }, notConnected())
  }

  /** Sends a heartbeat at once, or opens a connection at once while waiting for the next try. */
  check(): void {
    if (this.state === 'waiting') this.#open()
    else if (this.#current) void this.#heartbeat(this.#current)
  }

  /** Closes the connection and ends all tries. */
  #stop(change: StateChange, error: Error): void {
    this.#change = change
    this.#wasSuspended = change.state === 'suspended'
    this.#isOpening = false
    this.#stopTimers()
    this.#cancelRetry()
    this.#current = undefined
    this.#opener.dispose()
    this.#waiters.reject(error)
    this.#stopped.resolve()
    this.#events.state(change)
  }

  #open(): void {
    if (this.#isOpening || this.state === 'closed') return
    this.#cancelRetry()
    this.#isOpening = true
    if (!this.#current) this.#setState({ state: 'connecting' })
    const isCurrent = this.#opener.attempt
    void this.#opener
      .open((socket) => this.#events.moving(socket), this.#wasConnected && !this.#wasSuspended)
      .then(
        (opened) =>
          isCurrent() &&
          (opened.socket.isOpen ? this.#use(opened) : this.#onFailure(unreachable('The connection was lost.'))),
        (error: ConnectionError) => isCurrent() && this.#onFailure(error),
      )
  }

  #use({ socket, endsAt }: Opened): void {
    this.#isOpening = false
    const { clock, random } = this.#options
    const before = this.#current
    this.#stopTimers()
    this.#current = socket
    this.#wasConnected = true
    this.#wasSuspended = false
    this.#openedAt = clock.now()
    this.#retries.opened()
    const moveInMs = rotationMs(random, endsAt === undefined ? undefined : endsAt - this.#openedAt)
    this.#timers.push(clock.after(moveInMs, () => this.#rotate()))
    this.#scheduleHeartbeat(socket)
    this.#setState({ state: 'connected' })
    this.#events.moved(socket)
    this.#waiters.resolve(socket)
    before?.retire()
  }

  /** The old connection stays in use until all rooms have moved to the new one. */
  #rotate(): void {
    this.#retries.reset()
    this.#open()
  }

  /** A try failed. If the old connection is still open, it stays in use, and the next try comes later. */
  #onFailure(error: ConnectionError): void {
    this.#isOpening = false
    // The token callback may ask the user to sign in, so its failure is final.
    const mayHelp = !this.#opener.hadNoToken(error) && this.#retries.mayHelp(error, this.#wasConnected)
    const stopped = stoppedBy(error)
    // The user of a suspended client has asked for a connection, and the handshake was refused again.
    if (this.#wasSuspended && stopped && !this.#opener.hadNoToken(error)) this.#stopFor('suspended', error)
    else if (!mayHelp && stopped && !this.#current) this.#stop({ state: stopped, error }, error)
    else this.#scheduleRetry(error, this.#retries.afterFailure(error.code))
  }

  #scheduleRetry(error: Error, retryInMs: number): void {
    this.#cancelRetry()
    this.#cancelRetry = this.#options.clock.after(retryInMs, () => this.#open())
    if (!this.#current) this.#setState({ state: 'waiting', error, retryInMs: Math.round(retryInMs) })
  }

  #onLost(socket: Socket, code: number | undefined): void {
    const isCurrent = socket === this.#current
    if (isCurrent) this.#current = undefined
    this.#events.lost(socket)
    if (!isCurrent) return
    this.#stopTimers()
    const retryInMs = this.#retries.afterLoss(this.#options.clock.now() - this.#openedAt, code)
    if (this.#isOpening) this.#setState({ state: 'connecting' })
    else
      this.#scheduleRetry(unreachable(`The connection was lost${code === undefined ? '' : ` (${code})`}.`), retryInMs)
  }

  #receive(push: Push, socket: Socket): void {
    if (push.type !== 'goaway') this.#events.push(push)
    else if (socket === (this.#current ?? socket)) this.#onGoaway(push, socket)
  }

  #onGoaway({ reason, reconnectInMs }: Extract<Push, { type: 'goaway' }>, socket: Socket): void {
    const { clock, random } = this.#options
    // If another connection is being opened, that one may have replaced this one.
    if (reason === 'suspended' || (reason === 'replaced' && !this.#opener.isOpeningOther(socket))) {
      this.#stopFor(reason)
    } else if (socket === this.#current) {
      // Many clients may have received the same push.
      this.#timers.push(clock.after(between(0, reconnectInMs, random), () => this.#rotate()))
    }
  }

  #stopFor(reason: keyof typeof stopMessages, cause?: Error): void {
    const error = new ConnectionError(stopMessages[reason], reason, { cause })
    this.#stop({ state: reason, error }, error)
  }

  #scheduleHeartbeat(socket: Socket): void {
    const { clock, random } = this.#options
    this.#timers.push(
      clock.after(heartbeatMs(random), () => void this.#heartbeat(socket).then(() => this.#continueHeartbeat(socket))),
    )
  }

  #continueHeartbeat(socket: Socket): void {
    if (socket === this.#current) this.#scheduleHeartbeat(socket)
  }

  /** Any answer, even a refusal, shows that the connection works. */
  async #heartbeat(socket: Socket): Promise<void> {
    if (this.#isHeartbeatPending) return
    this.#isHeartbeatPending = true
    try {
      await this.#events.heartbeat(socket, heartbeatTimeoutMs)
    } catch (error) {
      if (error instanceof NoReply && error.reason === 'timeout') socket.close()
    } finally {
      this.#isHeartbeatPending = false
    }
  }

  #setState(change: StateChange): void {
    if (change.state === this.state) return
    this.#change = change
    this.#events.state(change)
  }

  #stopTimers(): void {
    for (const stop of this.#timers.splice(0)) stop()
  }
}

const stopMessages = {
  replaced: 'The user has opened more connections than are allowed, and this one was closed.',
  suspended: 'An administrator has suspended this user.',
}

const notConnected = () => new ConnectionError('The client is not connected.', 'closed')
