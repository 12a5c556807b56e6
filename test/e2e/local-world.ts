import { Chance } from '../simulation/chance.ts'
import { claimsOf } from '../support/local-run/deployment.ts'
import { type RunningLocally, sharedLocalRun, startLocalRun } from '../support/local-run/local-run.ts'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'
import { RetryingClient } from '../support/socket/retrying-client.ts'
import { World } from './world.ts'

/** A world on a local run, which can inject faults and report the usage. */
export class LocalWorld extends World {
  run: RunningLocally

  constructor(run: RunningLocally) {
    const token = (user: string) => this.run.token(user, claimsOf(user))
    super({ url: run.url, token, stop: () => this.run.stop(), local: run })
    this.run = run
  }

  /** Sets the faults, for example `post429:0.1,dropDisconnect:1`; without a specification it stops them. */
  async faults(spec = ''): Promise<void> {
    const { status } = await fetch(`${this.run.origin}/_local/faults`, { method: 'PUT', body: spec })
    if (status !== 204) throw new Error(`The run refuses the faults ${spec}.`)
  }

  /** The kills of the fault specification, with their progress. */
  async kills(): Promise<Frame[]> {
    const { kills } = JSON.parse(await (await fetch(`${this.run.origin}/_local/faults`)).text())
    return kills
  }

  /** How many posts of a function had an outcome such as `delivered`, `410` or `429`. */
  async posts(name: string, outcome: string): Promise<number> {
    const { posts } = await this.#usage()
    const records: Frame[] = posts
    return records
      .filter((record) => record.function.includes(name) && record.outcome === outcome && record.method === 'POST')
      .reduce((sum, { calls }) => sum + calls, 0)
  }

  async invocations(name: string): Promise<{ calls: number; errors: number }> {
    const { invocations } = await this.#usage()
    const records: Frame[] = invocations
    const record = records.find((one) => one.function.includes(name))
    return { calls: record?.calls ?? 0, errors: record?.errors ?? 0 }
  }

  async #usage(): Promise<Frame> {
    const response = await fetch(`${this.run.origin}/_local/usage`)
    return JSON.parse(await response.text())
  }

  author(user: string, room: Frame, seed = 1, cuts = 0): RetryingClient {
    return new RetryingClient({
      user,
      roomId: room.roomId,
      connect: async () => ChatSocket.open(this.run.url, await this.run.token(user, claimsOf(user))),
      chance: new Chance(seed),
      cuts,
    })
  }
}

/**
 * Starts a local world before the tests of a file and stops it after them. With an environment, if only an empty one, it
 * has a run of its own; without, it shares a run with other files.
 */
export function aLocalWorld(environment?: Record<string, string>): () => LocalWorld {
  let world: LocalWorld | undefined
  beforeAll(async () => {
    world = new LocalWorld(await (environment ? startLocalRun(environment) : sharedLocalRun()))
  })
  afterEach(async () => {
    await world?.faults()
    await world?.leaveAll()
  })
  afterAll(() => world?.run.stop())
  return () => {
    if (!world) throw new Error('The world has not started.')
    return world
  }
}
