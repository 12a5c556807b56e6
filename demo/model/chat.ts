import { ChatClient, type Invitation, type RoomTarget, type StateChange } from '../../client/index.ts'
import type { Person } from '../sign-in/person.ts'
import { markWriter, readMarks } from './marks.ts'
import { Network } from './network.ts'
import { Observed } from './observed.ts'
import { Room } from './room.ts'

/** Unsent messages outlive a reload of the tab. */
const storage = {
  get: (key: string) => sessionStorage.getItem(key),
  set: (key: string, value: string) => sessionStorage.setItem(key, value),
  remove: (key: string) => sessionStorage.removeItem(key),
}

/** Everything one user does here: a connection, the rooms that are joined, and the one that is shown. */
export class Chat extends Observed {
  readonly network = new Network()
  readonly client: ChatClient
  readonly rooms = new Map<string, Room>()
  name = ''
  /** Rooms the user was added to while being here. */
  invitations: Invitation[] = []
  connection: StateChange = { state: 'idle' }
  /** When the connection came into its state. */
  since = Date.now()
  /** The rooms of the last time are joined again. */
  ready = false
  #shown: string | undefined
  readonly #person: Person
  readonly #write: () => void

  constructor(url: string, person: Person) {
    super()
    this.#person = person
    this.client = new ChatClient({
      url,
      token: () => person.token(),
      webSocket: this.network.webSocket,
      storage,
    })
    this.#write = markWriter(this.client, () => Object.fromEntries([...this.rooms].map(([id, { read }]) => [id, read])))
    this.client.on('state', (change) => {
      this.connection = change
      this.since = Date.now()
      this.changed()
    })
    this.client.on('invitation', (invitation) => {
      if (this.rooms.has(invitation.room.roomId)) return
      this.invitations = [...this.invitations, invitation]
      this.changed()
    })
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

  /** Connects, and joins the rooms of the last time. */
  async begin(): Promise<void> {
    await this.client.connect()
    const [{ name }, marks] = await Promise.all([this.client.hello(), readMarks(this.client)])
    this.name = name
    await Promise.all(Object.entries(marks).map(([roomId, read]) => this.#rejoin(roomId, read)))
    this.ready = true
    this.changed()
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
    this.invitations = this.invitations.filter((invitation) => invitation.room.roomId !== room.roomId)
    this.show(room.roomId)
    return this.rooms.get(room.roomId) ?? Promise.reject(new Error('The room is gone.'))
  }

  async leave(room: Room): Promise<void> {
    if (room.session.state === 'established') await room.leave()
    this.rooms.delete(room.roomId)
    if (this.#shown === room.roomId) this.#shown = undefined
    this.#write()
    this.changed()
  }

  decline({ invitationId }: Invitation): void {
    this.invitations = this.invitations.filter((invitation) => invitation.invitationId !== invitationId)
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

  async #rejoin(roomId: string, read: number): Promise<void> {
    const room = new Room(this.client, { roomId, name: '…' })
    try {
      await room.join(read)
      this.#add(room)
    } catch {
      // Deleted, disabled, or closed to the user since: it is not theirs to see any more.
      this.#write()
    }
  }

  #add(room: Room): void {
    this.rooms.set(room.roomId, room)
    room.observe(() => this.changed())
  }

  #networkChanged(): void {
    if (this.network.isUp) this.client.check()
    this.changed()
  }
}
