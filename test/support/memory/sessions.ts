import type { Clock, Random } from '../../../lambdas/domain/clock.ts'
import type { RecordEvent, RecordStore } from '../../../lambdas/domain/record/record.ts'
import { byAge, type Connection, isListening } from '../../../lambdas/domain/sessions/connections.ts'
import type { Crowd, RosterMember, RosterPart } from '../../../lambdas/domain/sessions/crowd.ts'
import type { Joining, Session, SessionStore } from '../../../lambdas/domain/sessions/sessions.ts'
import { MemoryRecord } from './record.ts'

interface ConnectionState {
  connection?: Connection
  closed: boolean
  rooms: Set<string>
}

/** Connections and their sessions in memory. Every change is atomic. */
export class MemorySessions implements SessionStore {
  readonly #clock: Clock & Random
  readonly #records: RecordStore
  readonly #connections = new Map<string, ConnectionState>()
  readonly #crowds = new Map<string, Crowd>()
  /** Sessions by room and connection. */
  readonly #sessions = new Map<string, Map<string, Session>>()

  constructor(clock: Clock & Random, records: RecordStore = new MemoryRecord()) {
    this.#records = records
    this.#clock = clock
  }

  async open(connection: Connection): Promise<boolean> {
    const state = this.#state(connection.connectionId)
    if (state.closed) return false
    state.connection = structuredClone(connection)
    return true
  }

  async close(connectionId: string): Promise<string[]> {
    const state = this.#state(connectionId)
    state.closed = true
    return [...state.rooms]
  }

  async connections(connectionIds: readonly string[]): Promise<Connection[]> {
    return connectionIds.flatMap((id) => {
      const state = this.#connections.get(id)
      return state?.connection && !state.closed ? [structuredClone(state.connection)] : []
    })
  }

  async connectionsOf(user: string): Promise<string[]> {
    const open = await this.connections([...this.#connections.keys()])
    return open
      .filter((connection) => connection.user === user)
      .sort(byAge)
      .map((connection) => connection.connectionId)
  }

  async surplusOf(user: string, most: number): Promise<string[]> {
    return (await this.connectionsOf(user)).slice(0, -most)
  }

  async roomsOf(connectionId: string): Promise<string[] | undefined> {
    const state = this.#connections.get(connectionId)
    return state?.closed ? undefined : [...(state?.rooms ?? [])]
  }

  async find(roomId: string, connectionId: string): Promise<Session | undefined> {
    return structuredClone(this.#in(roomId).get(connectionId))
  }

  async findEventually(roomId: string, connectionId: string): Promise<Session | undefined> {
    return this.find(roomId, connectionId)
  }

  async join(session: Session, mostRooms: number): Promise<Joining> {
    const { roomId, connectionId } = session
    const state = this.#connections.get(connectionId)
    if (state?.closed) return 'closed'
    if (!state?.connection) return 'unknown'
    const stored = this.#in(roomId).get(connectionId)
    if (stored) return stored.confirmed ? 'again' : 'unconfirmed'
    if (state.rooms.size >= mostRooms) return 'too_many'
    state.rooms.add(roomId)
    this.#in(roomId).set(connectionId, structuredClone(session))
    return 'joined'
  }

  async confirm(session: Session, joined: RecordEvent): Promise<boolean> {
    const stored = this.#in(session.roomId).get(session.connectionId)
    if (!stored || stored.confirmed) return false
    await Promise.all([this.update(session), this.#records.add(session.roomId, joined)])
    return true
  }

  async update({ roomId, connectionId, canChat, isManager, isPresenter, logged }: Session): Promise<void> {
    const stored = this.#in(roomId).get(connectionId)
    if (stored) Object.assign(stored, { canChat, isManager, isPresenter, logged, confirmed: true })
  }

  async end(
    roomId: string,
    connectionId: string,
    left?: RecordEvent,
    connection: 'open' | 'closed' = 'open',
  ): Promise<boolean> {
    if (connection === 'open') this.#connections.get(connectionId)?.rooms.delete(roomId)
    const ended = this.#in(roomId).delete(connectionId)
    if (ended && left) await this.#records.add(roomId, left)
    return ended
  }

  async roster(roomId: string): Promise<Session[]> {
    return this.#present(roomId)
  }

  async part(roomId: string, { from = '', below }: RosterPart): Promise<Session[]> {
    return this.#present(roomId).filter(({ connectionId: id }) => id >= from && (below === undefined || id < below))
  }

  async attendees(roomId: string): Promise<RosterMember[]> {
    return this.#present(roomId).map(({ connectionId, user }) => ({ connectionId, user }))
  }

  async crowd(roomId: string): Promise<Crowd | undefined> {
    return structuredClone(this.#crowds.get(roomId))
  }

  async noteCrowd(roomId: string, crowd: Crowd, expected?: number): Promise<boolean> {
    if (this.#crowds.get(roomId)?.countedAt !== expected) return false
    this.#crowds.set(roomId, structuredClone(crowd))
    return true
  }

  #present(roomId: string): Session[] {
    const now = this.#clock.now()
    return [...this.#in(roomId).values()]
      .filter((session) => isListening(session, now))
      .map((one) => structuredClone(one))
  }

  #state(connectionId: string): ConnectionState {
    const state = this.#connections.get(connectionId) ?? { closed: false, rooms: new Set<string>() }
    this.#connections.set(connectionId, state)
    return state
  }

  #in(roomId: string): Map<string, Session> {
    const sessions = this.#sessions.get(roomId) ?? new Map<string, Session>()
    this.#sessions.set(roomId, sessions)
    return sessions
  }
}
