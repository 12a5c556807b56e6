import { ChatClient, type ChatClientOptions, type ChatRoomSession, type Message } from '../../client/index.ts'
import type { Frame } from '../support/socket/chat-socket.ts'
import { ManualClock } from './manual-clock.ts'

type Answer = object | 'nothing'
type Script = (frame: Frame, socket: ScriptedSocket) => Answer | undefined

export const roomId = 'lobby'

export const message = (seq: number, more: Partial<Message> = {}): Message => ({
  roomId,
  seq,
  sentAt: '2026-11-22T22:33:01.123Z',
  from: { user: 'bob', name: 'Bob' },
  text: `message ${seq}`,
  ...more,
})

export const room = { roomId, uri: `chat://here/${roomId}`, name: 'Lobby', version: 1, auditorium: false }
export const you = { roles: ['member'], canChat: true, canManage: false }

/** The server side of a socket. It follows the script of a test, and else answers like a server with an idle room. */
export class ScriptedSocket {
  readonly protocols: string[]
  readonly asked: Frame[] = []
  readyState = 0
  readonly #server: ScriptedServer
  readonly #listeners = new Map<string, ((event: { data: unknown }) => void)[]>()

  constructor(server: ScriptedServer, protocols: string[]) {
    this.#server = server
    this.protocols = protocols
    setImmediate(() => {
      const { mute, refusal } = this.#server
      if (this.readyState !== 0 || mute) return
      this.readyState = refusal ? 3 : 1
      if (!refusal) return this.#tell('open')
      this.#tell('error', refusal)
      this.#tell('close', { code: 1006 })
    })
  }

  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }

  send(text: string): void {
    const frame: Frame = JSON.parse(text)
    this.asked.push(frame)
    const answer = this.#server.answer(frame, this)
    if (answer !== 'nothing') setImmediate(() => this.say({ id: frame.id, ok: true, ...answer }))
  }

  say(frame: object): void {
    if (this.readyState === 1) this.#tell('message', { data: JSON.stringify(frame) })
  }

  /** Closes the socket, with a code if the server gives one. */
  close(code?: number): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.#tell('close', { code })
  }

  askedFor(action: string): Frame[] {
    return this.asked.filter((frame) => frame.action === action)
  }

  #tell(type: string, event: object = {}): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data: undefined, ...event })
  }
}

/** A server in memory with one room of any name. `script` can replace its replies. */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = []
  readonly clock = new ManualClock()
  script: Script = () => undefined
  /** The entries of the log from position 1 on. */
  log: Message[] = []
  epoch = 'first'
  /** The fields about participants in the reply to a join. */
  present: object = { participants: [] }
  /** Whether sockets never open. */
  mute = false
  /** The error event of a refused handshake. In a browser it contains no reason. */
  refusal: object | undefined
  /** Whether the check of the client finds the server reachable. */
  reachable = true

  get newest(): ScriptedSocket {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('There is no connection.')
    return socket
  }

  client(options: Partial<ChatClientOptions> = {}): ChatClient {
    const server = this
    class Cable extends ScriptedSocket {
      constructor(_url: string, protocols: string[]) {
        super(server, protocols)
        server.sockets.push(this)
      }
    }
    const random = () => 0.5
    return new ChatClient({
      url: 'wss://here',
      token: () => 'jwt',
      webSocket: Cable,
      clock: this.clock,
      random,
      isReachable: async () => this.reachable,
      ...options,
    })
  }

  /** A connected client with a session in the room. */
  async joined(options: Partial<ChatClientOptions> = {}): Promise<{ client: ChatClient; session: ChatRoomSession }> {
    const client = this.client(options)
    await client.connect()
    const session = client.session()
    await session.join({ roomId })
    return { client, session }
  }

  answer(frame: Frame, socket: ScriptedSocket): Answer {
    const scripted = this.script(frame, socket)
    if (scripted) return scripted
    const { epoch } = this
    const state = { head: this.log.length, floor: 1, epoch }
    if (frame.action === 'hello') return { user: 'alice' }
    if (frame.action === 'join') {
      if (!frame.roomId && !frame.roomUri && !frame.roomName) return refused('invalid')
      const messages = this.log.slice(frame.after ?? 0)
      const named = { ...room, roomId: frame.roomId ?? roomId }
      return { room: named, you, ...this.present, messages, complete: true, ...state }
    }
    if (frame.action === 'history') return { messages: this.log.slice(frame.after ?? 0), exceeded: false, ...state }
    if (frame.action === 'sync') return { rooms: { [roomId]: { head: this.log.length, floor: 1 } } }
    if (frame.action === 'invitations') return { invitations: [], last: frame.after }
    if (frame.action !== 'send') return {}
    const { clientMessageId, text } = frame
    const stored = message(this.log.length + 1, { text, clientMessageId, from: { user: 'alice', name: 'Alice' } })
    this.log.push(stored)
    return { message: stored, duplicate: false }
  }
}

export const refused = (code: string, more: object = {}): object => ({
  ok: false,
  error: { code, message: `It is ${code}.`, retryable: false, ...more },
})

/** A client with an open connection to the server. */
export async function connected(server: ScriptedServer): Promise<ChatClient> {
  const client = server.client()
  await client.connect()
  return client
}

/** The joins and leaves that the server received on its newest connection, in order. */
export const joinsAndLeaves = ({ newest }: ScriptedServer) =>
  newest.asked.map(({ action }) => action).filter((action) => action === 'join' || action === 'leave')
