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
import { Observed } from './observable.ts'
import { type Marks, markWriter, readMarks } from './read-positions.ts'
import { Room } from './room.ts'

/** After these a room is not the user's to see any more. */
const gone: readonly ErrorCode[] = ['not_found', 'forbidden']

/** Everything one user does here: a connection, the rooms that are joined, and the one that is shown. */
export class Chat extends Observed {
  readonly network = new Network()
  readonly client: ChatClient
  readonly rooms = new Map<string, Room>()
  name = ''
  connection: StateChange = { state: 'idle' }
  /** When the connection came into its state. */
  since = Date.now()
  /** The rooms of the last time are joined again. */
  ready = false
  /** Why they are not, although there is a connection. */
  failure: unknown
  #shown: string | undefined
  #arriving = false
  /** Rooms that the user is in and that could not be joined yet, and how far they were read; nothing until it is known. */
  #absent: Map<string, number> | undefined
  #told: Invitation[] = []
  #invitations: Invitations | undefined
  readonly #person: Person
  readonly #writeMarks: () => void

  constructor(url: string, person: Person) {
    super()
    this.#person = person
    this.client = new ChatClient({
      url,
      token: () => person.token(),
      webSocket: this.network.webSocket,
      storage: webStorage(() => localStorage),
    })
    this.#writeMarks = markWriter(this.client, () => this.#marks)
    this.client.on('state', (change) => {
      this.connection = change
      this.since = Date.now()
      if (change.state === 'connected') void this.#arrive()
      this.changed()
    })
    this.client.on('invitation', (invitation) => {
      this.#told.push(invitation)
      this.#keepTold()
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

  /** Rooms the user was added to and is not in. */
  get invitations(): readonly Invitation[] {
    const open = this.ready ? (this.#invitations?.open ?? []) : []
    return open.filter(({ room }) => !this.#isIn(room.roomId))
  }

  /** Messages that wait in any room. */
  get unsent(): number {
    return this.roomsByName.reduce((sum, { outbox }) => sum + outbox.length, 0)
  }

  /** Connects, and joins the rooms of the last time. Failures are in `connection` and `failure`. */
  connect(): void {
    this.client.connect().catch(() => undefined)
    if (this.client.state === 'connected') void this.#arrive()
  }

  show(roomId: string | undefined): void {
    this.#shown = roomId
    this.markRead()
    this.changed()
  }

  /** Joins a room, unless it is joined, and shows it. */
  async enter(target: RoomTarget): Promise<Room> {
    const { room } = await this.client.getRoom(target)
    const standing = this.rooms.get(room.roomId)
    if (!standing || standing.ended) {
      const entered = new Room(this.client, room)
      await entered.join()
      this.#add(entered)
      this.#write()
    }
    this.#invitations?.answer(room.roomId)
    this.show(room.roomId)
    return this.rooms.get(room.roomId) ?? Promise.reject(new Error('The room is gone.'))
  }

  async leave(room: Room): Promise<void> {
    await room.leave()
    this.rooms.delete(room.roomId)
    if (this.#shown === room.roomId) this.#shown = undefined
    this.#write()
    this.changed()
  }

  /** Enters the room of an invitation. One to a room that is not there any more is forgotten. */
  async follow({ room: { roomId } }: Invitation): Promise<void> {
    try {
      await this.enter({ roomId })
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

  /** What is shown and looked at has been read. */
  markRead(): void {
    if (!document.hidden && this.shown?.markRead()) this.#write()
  }

  end(): void {
    this.client.close()
    this.#person.signOut()
  }

  get #marks(): Marks {
    return Object.fromEntries([
      ...(this.#absent ?? []),
      ...[...this.rooms].map(([id, { read }]): [string, number] => [id, read]),
    ])
  }

  /** Marks that were not read yet are not written, or rooms would be forgotten. */
  #write(): void {
    if (this.#absent) this.#writeMarks()
  }

  /** At every connection: the tasks of the first one that are not done yet. */
  async #arrive(): Promise<void> {
    if (this.#arriving) return
    this.#arriving = true
    this.failure = undefined
    this.#keepTold()
    try {
      const absent = this.#absent ?? (await this.#readMarks())
      this.#absent = absent
      await this.#joinAbsent(absent)
      this.ready = true
    } catch (error) {
      this.failure = error
    } finally {
      this.#arriving = false
      this.#keepTold()
      this.changed()
    }
  }

  async #readMarks(): Promise<Map<string, number>> {
    const [{ name }, marks] = await Promise.all([this.client.hello(), readMarks(this.client)])
    this.name = name
    return new Map(Object.entries(marks))
  }

  async #joinAbsent(absent: Map<string, number>): Promise<void> {
    const joins = await Promise.allSettled([...absent].map(([roomId, read]) => this.#rejoin(roomId, read)))
    const broken = joins.find((join) => join.status === 'rejected')
    if (broken) throw broken.reason
  }

  async #rejoin(roomId: string, read: number): Promise<void> {
    const room = new Room(this.client, { roomId, name: '…' })
    try {
      if (this.rooms.has(roomId)) this.#absent?.delete(roomId)
      else this.#add(await room.join(read))
    } catch (error) {
      if (error instanceof ConnectionError) throw error
      if (isGone(error)) this.#absent?.delete(roomId)
      this.#write()
    }
  }

  #add(room: Room): void {
    this.rooms.set(room.roomId, room)
    this.#absent?.delete(room.roomId)
    room.observe(() => this.changed())
  }

  #isIn(roomId: string): boolean {
    const room = this.rooms.get(roomId)
    return room !== undefined && room.ended === undefined
  }

  /** They belong to a user, who is not known before the first connection. */
  #keepTold(): void {
    if (this.client.user === undefined) return
    this.#invitations ??= new Invitations(this.client.user)
    for (const invitation of this.#told.splice(0)) this.#invitations.add(invitation)
    for (const { room } of this.#invitations.open) if (this.#isIn(room.roomId)) this.#invitations.answer(room.roomId)
  }

  #networkChanged(): void {
    if (this.network.isUp) this.client.check()
    this.changed()
  }
}

const isGone = (error: unknown) => error instanceof ChatError && gone.includes(error.code)
