import { byAge } from '../../../lambdas/domain/sessions/connections.ts'
import { type Connection } from '../../../lambdas/domain/sessions/connections.ts'
import { isListening } from '../../../lambdas/domain/sessions/connections.ts'
import type { Clock, Random } from '../../../lambdas/domain/clock.ts'
import type { RecordEvent, RecordStore } from '../../../lambdas/domain/record/record.ts'
import type { Crowd, RosterMember, RosterPart } from '../../../lambdas/domain/sessions/crowd.ts'
import { type Joining, type Session, type SessionStore } from '../../../lambdas/domain/sessions/sessions.ts'
import { MemoryRecords } from './record.ts'

interface Line {
  connection?: Connection
  closed: boolean
  rooms: Set<string>
}

/** Connections and their sessions in memory. Every change is one step, so nothing is ever half done. */
export class MemorySessions implements SessionStore {
  readonly #clock: Clock & Random
  readonly #records: RecordStore
  readonly #lines = new Map<string, Line>()
  readonly #crowds = new Map<string, Crowd>()
  /** By room, by connection. */
  readonly #sessions = new Map<string, Map<string, Session>>()

  constructor(clock: Clock & Random, records: RecordStore = new MemoryRecords()) {
    this.#records = records
    this.#clock = clock
  }

  async open(connection: Connection): Promise<boolean> {
    const line = this.#line(connection.connectionId)
    if (line.closed) return false
    line.connection = structuredClone(connection)
    return true
  }

  async close(connectionId: string): Promise<string[]> {
    const line = this.#line(connectionId)
    line.closed = true
    return [...line.rooms]
  }

  async connections(connectionIds: readonly string[]): Promise<Connection[]> {
    return connectionIds.flatMap((id) => {
      const line = this.#lines.get(id)
      return line?.connection && !line.closed ? [structuredClone(line.connection)] : []
    })
  }

  async connectionsOf(user: string): Promise<string[]> {
    const open = await this.connections([...this.#lines.keys()])
    return open
      .filter((connection) => connection.user === user)
      .sort(byAge)
      .map((connection) => connection.connectionId)
  }

  async surplusOf(user: string, most: number): Promise<string[]> {
    return (await this.connectionsOf(user)).slice(0, -most)
  }

  async roomsOf(connectionId: string): Promise<string[] | undefined> {
    const line = this.#lines.get(connectionId)
    return line?.closed ? undefined : [...(line?.rooms ?? [])]
  }

  async find(roomId: string, connectionId: string): Promise<Session | undefined> {
    return structuredClone(this.#in(roomId).get(connectionId))
  }

  async findEventually(roomId: string, connectionId: string): Promise<Session | undefined> {
    return this.find(roomId, connectionId)
  }

  async join(session: Session, mostRooms: number): Promise<Joining> {
    const { roomId, connectionId } = session
    const line = this.#lines.get(connectionId)
    if (line?.closed) return 'closed'
    if (!line?.connection) return 'unknown'
    const standing = this.#in(roomId).get(connectionId)
    if (standing) return standing.confirmed ? 'again' : 'unconfirmed'
    if (line.rooms.size >= mostRooms) return 'too_many'
    line.rooms.add(roomId)
    this.#in(roomId).set(connectionId, structuredClone(session))
    return 'joined'
  }

  async confirm(session: Session, joined: RecordEvent): Promise<boolean> {
    const standing = this.#in(session.roomId).get(session.connectionId)
    if (!standing || standing.confirmed) return false
    await Promise.all([this.update(session), this.#records.add(session.roomId, joined)])
    return true
  }

  async update({ roomId, connectionId, canChat, isManager, isPresenter, logged }: Session): Promise<void> {
    const standing = this.#in(roomId).get(connectionId)
    if (standing) Object.assign(standing, { canChat, isManager, isPresenter, logged, confirmed: true })
  }

  async end(
    roomId: string,
    connectionId: string,
    left?: RecordEvent,
    connection: 'open' | 'closed' = 'open',
  ): Promise<boolean> {
    if (connection === 'open') this.#lines.get(connectionId)?.rooms.delete(roomId)
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

  #line(connectionId: string): Line {
    const line = this.#lines.get(connectionId) ?? { closed: false, rooms: new Set<string>() }
    this.#lines.set(connectionId, line)
    return line
  }

  #in(roomId: string): Map<string, Session> {
    const sessions = this.#sessions.get(roomId) ?? new Map<string, Session>()
    this.#sessions.set(roomId, sessions)
    return sessions
  }
}
