import {
  ChatClient,
  ChatError,
  ConnectionError,
  type ErrorCode,
  type Invitation,
  type RoomTarget,
  type StateChange,
  webStorage,
} from '../../client/index.ts'
import type { Person } from '../sign-in/person.ts'
import { Invitations } from './invitations.ts'
import { Network } from './network.ts'
import { Observable } from './observable.ts'
import { loadReadPositions, type ReadPositions, readPositionWriter } from './read-positions.ts'
import { Room } from './room.ts'

/** With these errors the user may not see the room any more. */
const goneCodes: readonly ErrorCode[] = ['not_found', 'forbidden']

/** The chat of one user: the connection, the joined rooms, and the room that is shown. */
export class Chat extends Observable {
  readonly network = new Network()
  readonly client: ChatClient
  readonly rooms = new Map<string, Room>()
  name = ''
  connection: StateChange = { state: 'idle' }
  /** When the connection got its present state. */
  since = Date.now()
  /** The rooms of the last visit are joined again. */
  ready = false
  /** Why they could not be joined, although there is a connection. */
  failure: unknown
  #shown: string | undefined
  #isRestoring = false
  /** Rooms of the user that are not joined yet, with their read positions; undefined until they are loaded. */
  #missing: Map<string, number> | undefined
  #newInvitations: Invitation[] = []
  #invitations: Invitations | undefined
  readonly #person: Person
  readonly #saveReadPositions: () => void

  constructor(url: string, person: Person) {
    super()
    this.#person = person
    this.client = new ChatClient({
      url,
      token: () => person.token(),
      webSocket: this.network.webSocket,
      storage: webStorage(() => localStorage),
    })
    this.#saveReadPositions = readPositionWriter(this.client, () => this.#readPositions)
    this.client.on('state', (change) => {
      this.connection = change
      this.since = Date.now()
      if (change.state === 'connected') void this.#restore()
      this.changed()
    })
    this.client.on('invitation', (invitation) => {
      this.#newInvitations.push(invitation)
      this.#storeInvitations()
      this.changed()
    })
    addEventListener('storage', ({ key }) => key === this.#invitations?.key && this.changed())
    this.network.observe(() => this.#networkChanged())
    document.addEventListener('visibilitychange', () => document.hidden || this.client.check())
  }

  get user(): string {
    return this.client.user ?? ''
  }

  get shown(): Room | undefined {
    return this.#shown === undefined ? undefined : this.rooms.get(this.#shown)
  }

  /** Rooms by name. */
  get roomsByName(): Room[] {
    return [...this.rooms.values()].sort((a, b) => a.name.localeCompare(b.name))
  }

  /** Invitations to rooms that the user has not joined. */
  get invitations(): readonly Invitation[] {
    const open = this.ready ? (this.#invitations?.open ?? []) : []
    return open.filter(({ room }) => !this.#isIn(room.roomId))
  }

  /** How many messages are not sent yet, in all rooms. */
  get unsent(): number {
    return this.roomsByName.reduce((sum, { outbox }) => sum + outbox.length, 0)
  }

  /** Connects, and joins the rooms of the last visit. Errors are in `connection` and `failure`. */
  connect(): void {
    this.client.connect().catch(() => undefined)
    if (this.client.state === 'connected') void this.#restore()
  }

  show(roomId: string | undefined): void {
    this.#shown = roomId
    this.markRead()
    this.changed()
  }

  /** Joins a room, unless it is joined, and shows it. */
  async open(target: RoomTarget): Promise<Room> {
    const { room } = await this.client.getRoom(target)
    const known = this.rooms.get(room.roomId)
    if (!known || known.ended) {
      const joined = new Room(this.client, room)
      await joined.join()
      this.#add(joined)
      this.#save()
    }
    this.#invitations?.answer(room.roomId)
    this.show(room.roomId)
    return this.rooms.get(room.roomId) ?? Promise.reject(new Error('The room is gone.'))
  }

  async leave(room: Room): Promise<void> {
    await room.leave()
    this.rooms.delete(room.roomId)
    if (this.#shown === room.roomId) this.#shown = undefined
    this.#save()
    this.changed()
  }

  /** Joins the room of an invitation. If the room is gone, the invitation is removed. */
  async accept({ room: { roomId } }: Invitation): Promise<void> {
    try {
      await this.open({ roomId })
    } catch (error) {
      if (isGone(error)) this.#invitations?.answer(roomId)
      throw error
    } finally {
      this.changed()
    }
  }

  decline({ room }: Invitation): void {
    this.#invitations?.answer(room.roomId)
    this.changed()
  }

  /** Marks the shown room as read, if the page is visible. */
  markRead(): void {
    if (!document.hidden && this.shown?.markRead()) this.#save()
  }

  end(): void {
    this.client.close()
    this.#person.signOut()
  }

  get #readPositions(): ReadPositions {
    return Object.fromEntries([
      ...(this.#missing ?? []),
      ...[...this.rooms].map(([id, { read }]): [string, number] => [id, read]),
    ])
  }

  /** Positions that are not loaded yet must not be overwritten, or rooms would be lost. */
  #save(): void {
    if (this.#missing) this.#saveReadPositions()
  }

  /** Called at every connection: loads the rooms and joins those that are not joined yet. */
  async #restore(): Promise<void> {
    if (this.#isRestoring) return
    this.#isRestoring = true
    this.failure = undefined
    this.#storeInvitations()
    try {
      const missing = this.#missing ?? (await this.#loadRooms())
      this.#missing = missing
      await this.#joinMissing(missing)
      this.ready = true
    } catch (error) {
      this.failure = error
    } finally {
      this.#isRestoring = false
      this.#storeInvitations()
      this.changed()
    }
  }

  /** Loads the name of the user and the read positions. */
  async #loadRooms(): Promise<Map<string, number>> {
    const [{ name }, positions] = await Promise.all([this.client.hello(), loadReadPositions(this.client)])
    this.name = name
    return new Map(Object.entries(positions))
  }

  async #joinMissing(missing: Map<string, number>): Promise<void> {
    const joins = await Promise.allSettled([...missing].map(([roomId, read]) => this.#rejoin(roomId, read)))
    const failed = joins.find((join) => join.status === 'rejected')
    if (failed) throw failed.reason
  }

  async #rejoin(roomId: string, read: number): Promise<void> {
    const room = new Room(this.client, { roomId, name: '…' })
    try {
      if (this.rooms.has(roomId)) this.#missing?.delete(roomId)
      else this.#add(await room.join(read))
    } catch (error) {
      if (error instanceof ConnectionError) throw error
      if (isGone(error)) this.#missing?.delete(roomId)
      this.#save()
    }
  }

  #add(room: Room): void {
    this.rooms.set(room.roomId, room)
    this.#missing?.delete(room.roomId)
    room.observe(() => this.changed())
  }

  #isIn(roomId: string): boolean {
    const room = this.rooms.get(roomId)
    return room !== undefined && room.ended === undefined
  }

  /** Invitations are stored by user, who is not known before the first connection. */
  #storeInvitations(): void {
    if (this.client.user === undefined) return
    this.#invitations ??= new Invitations(this.client.user)
    for (const invitation of this.#newInvitations.splice(0)) this.#invitations.add(invitation)
    for (const { room } of this.#invitations.open) if (this.#isIn(room.roomId)) this.#invitations.answer(room.roomId)
  }

  #networkChanged(): void {
    if (this.network.isUp) this.client.check()
    this.changed()
  }
}

const isGone = (error: unknown) => error instanceof ChatError && goneCodes.includes(error.code)
