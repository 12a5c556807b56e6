import { setTimeout as pause } from 'node:timers/promises'
import { startLocalRun } from '../support/local-run/local-run.ts'
import { ChatSocket, type Frame } from '../support/socket/chat-socket.ts'
import { LargeWorld } from './large-world.ts'

/** A local run whose alarms a test watches, with a minute that ends when the test says so. */
export class WatchedWorld extends LargeWorld {
  #small: Frame = {}
  #large: Frame = {}
  readonly #people = new Map<string, ChatSocket>()

  static async start(): Promise<WatchedWorld> {
    const world = new WatchedWorld(await startLocalRun({ METRICS_CLOCK: 'manual', ISSUERS: 'partner' }))
    world.#small = await world.room({ privacy: 'open' }, [])
    world.#large = { roomId: (await world.largeRoom()).roomId }
    // What is written near the end of a minute may belong to the one before.
    await world.pass(15)
    return world
  }

  /** Notes the size of the large room again, which whoever was cut off and came back has counted. */
  keepLarge(): Promise<void> {
    return this.noteLarge(this.#large.roomId, ['K', 'k'])
  }

  /** Lets so many seconds of the metrics pass. */
  async pass(seconds: number): Promise<void> {
    const response = await fetch(`${this.run.origin}/_local/time`, { method: 'POST', body: String(seconds) })
    if (response.status !== 204) throw new Error(await response.text())
  }

  /** The names of the alarms that are raised. */
  async raised(): Promise<string[]> {
    const { alarms }: { alarms: Frame[] } = JSON.parse(await (await fetch(`${this.run.origin}/_local/alarms`)).text())
    return alarms.flatMap(({ state, description }) => (state === 'ALARM' ? [nameIn(description)] : [])).sort()
  }

  /**
   * What people do in a part of a minute: some who are there talk in a small and in a large room, another one comes and goes. Each
   * waits for the one before, so that nothing is slow by its haste. Failures are part of it.
   */
  async traffic(): Promise<void> {
    for (const user of ['alice', 'bob', 'carol'])
      await this.#try(user, 'send', { roomId: this.#small.roomId, text: `This is ${user}.` })
    await this.#try('erin', 'send', { roomId: this.#large.roomId, text: 'everybody' })
    for (const joins of [true, false, false]) await this.#visit(await this.run.token('dave'), joins)
  }

  /** Somebody comes whose token is of an issuer that nobody had before, so its keys are not known yet. */
  async stranger(): Promise<void> {
    await this.#visit(await (await fetch(`${this.run.origin}/token?issuer=partner&user=carol`)).text(), false)
  }

  /** Writes an entry for a large room that lacks the time at which it was sent. */
  async unreadableEntry(): Promise<void> {
    const { roomId } = await this.room({ privacy: 'open' }, [])
    await this.write({ roomId, seq: 1, broadcast: '', user: 'alice', name: 'Alice', text: 'when?', sentAt: 'never' })
    await this.deadLetter()
  }

  async #try(user: string, action: string, fields: Frame): Promise<void> {
    try {
      await answered(await this.#present(user), action, fields)
    } catch {
      this.#people.delete(user)
    }
  }

  /** The connection of somebody who stays, in the rooms. */
  async #present(user: string): Promise<ChatSocket> {
    const known = this.#people.get(user)
    if (known) return known
    const socket = await this.connect(user)
    for (const { roomId } of [this.#small, this.#large]) {
      const reply = await answered(socket, 'join', { roomId })
      if (reply?.ok !== true) throw new Error(`${user} could not join.`)
    }
    this.#people.set(user, socket)
    return socket
  }

  async #visit(token: string, joins: boolean): Promise<void> {
    const socket = await ChatSocket.open(this.run.url, token).catch(() => undefined)
    if (socket && joins) await answered(socket, 'join', { roomId: this.#small.roomId }).catch(() => undefined)
    await socket?.close()
  }
}

const failures = new WeakMap<ChatSocket, Promise<undefined>>()

async function gatewayFailure(socket: ChatSocket): Promise<undefined> {
  await socket.frame(({ message }) => message === 'Internal server error')
}

/** Resolves with the reply, a later one if the author was too fast, or with nothing when the gateway tells that the function behind the route has failed. */
async function answered(socket: ChatSocket, action: string, fields: Frame): Promise<Frame | undefined> {
  const known = failures.get(socket) ?? gatewayFailure(socket)
  const failure = known.finally(() => failures.delete(socket))
  failure.catch(() => {})
  failures.set(socket, known)
  let reply = await Promise.race([socket.request(action, fields), failure])
  while (reply?.error?.code === 'rate_limited') {
    await pause(reply.error.retryAfterMs)
    reply = await Promise.race([socket.request(action, fields), failure])
  }
  return reply
}

const nameIn = (description: string) => /#([a-z-]+)$/.exec(description)?.[1] ?? description
