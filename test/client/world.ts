import WebSocket from 'ws'
import {
  ChatClient,
  type ChatClientOptions,
  type ChatRoomSession,
  type Room,
  type RoomTarget,
} from '../../client/index.ts'
import { someName } from '../e2e/world.ts'
import { type Deployment, deployment } from '../support/local-run/deployment.ts'

/** Creates clients, sessions and rooms for tests, and closes the clients. */
export class ClientWorld {
  readonly deployment: Deployment
  readonly #clients: ChatClient[] = []

  constructor(target: Deployment) {
    this.deployment = target
  }

  /** A client that is not connected yet. */
  client(user: string, options: Partial<ChatClientOptions> = {}): ChatClient {
    const { url } = this.deployment
    const client = new ChatClient({ url, token: () => this.deployment.token(user), webSocket: WebSocket, ...options })
    this.#clients.push(client)
    return client
  }

  async connected(user: string, options: Partial<ChatClientOptions> = {}): Promise<ChatClient> {
    const client = this.client(user, options)
    await client.connect()
    return client
  }

  /** A room that Alice has created, with these members. */
  async room(settings: object = {}, members: readonly string[] = ['alice', 'bob']): Promise<Room> {
    const alice = await this.connected('alice')
    const room = await alice.createRoom({ name: someName(), ...settings })
    const principals = members.map((user) => `user:${user}` as const)
    if (principals.length > 0) await alice.grant({ roomId: room.roomId, role: 'member', principals })
    alice.close()
    return room
  }

  /** A new client of this user with a session in the room. */
  async joined(user: string, room: RoomTarget, options: Partial<ChatClientOptions> = {}): Promise<ChatRoomSession> {
    const client = await this.connected(user, options)
    const session = client.session()
    await session.join(room)
    return session
  }

  closeAll(): void {
    for (const client of this.#clients.splice(0)) client.close()
  }
}

/** Starts a world before the tests of a file and stops it after them. */
export function aClientWorld(start = deployment): () => ClientWorld {
  let world: ClientWorld | undefined
  beforeAll(async () => {
    world = new ClientWorld(await start())
  })
  afterEach(() => world?.closeAll())
  afterAll(() => world?.deployment.stop())
  return () => {
    if (!world) throw new Error('The world has not started.')
    return world
  }
}
