import { type Deployment, deployment } from '../support/local-run/deployment.ts'
import type { startLocalRun } from '../support/local-run/local-run.ts'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'
import '../support/validate-frames.ts'

/** Creates connections, rooms and categories for tests, and closes the connections. */
export class World {
  readonly deployment: Deployment
  readonly #sockets: ChatSocket[] = []

  constructor(target: Deployment) {
    this.deployment = target
  }

  async connect(user: string): Promise<ChatSocket> {
    const socket = await ChatSocket.open(this.deployment.url, await this.deployment.token(user))
    this.#sockets.push(socket)
    return socket
  }

  /** A room that Alice has created, with these members. */
  async room(settings: Frame = {}, members = ['user:alice', 'user:bob']): Promise<Frame> {
    const alice = await this.connect('alice')
    const { room } = await alice.ask('createRoom', { name: someName(), ...settings })
    if (members.length > 0) await alice.ask('grant', { roomId: room.roomId, role: 'member', principals: members })
    await alice.close()
    return room
  }

  /** A category that an administrator has created. By default everyone is in its scope and may create rooms in it. */
  async category(settings: Frame = {}): Promise<Frame> {
    const root = await this.connect('root')
    const { category } = await root.ask('createCategory', { name: someName(), creators: ['everyone'], ...settings })
    await root.close()
    return category
  }

  async joined(user: string, room: Frame, fields: Frame = {}): Promise<ChatSocket> {
    const socket = await this.connect(user)
    await socket.ask('join', { roomId: room.roomId, ...fields })
    return socket
  }

  async leaveAll(): Promise<void> {
    await Promise.all(this.#sockets.splice(0).map((socket) => socket.close()))
  }
}

let names = 0
export const someName = (): string => `Room ${process.pid} ${Date.now().toString(36)} ${names++}`

/** Starts a world before the tests of a file and stops it after them. With `startLocalRun` its local run is its own. */
export function aWorld(start?: typeof startLocalRun): () => World {
  let world: World | undefined
  beforeAll(async () => {
    world = new World(await deployment(start))
  })
  afterEach(() => world?.leaveAll())
  afterAll(() => world?.deployment.stop())
  return () => {
    if (!world) throw new Error('The world has not started.')
    return world
  }
}
