import { ChatError, type Clock, type Hello, randomId } from '../../client/index.ts'
import { Failure, reasonOf, UsageError } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { visibleUrl } from '../command/visible.ts'
import { Connection, HandshakeRefused } from './connection.ts'
import type { TestPerson, TokenHolder } from './people.ts'
import { persist } from './persist.ts'

/** How much the checks do, and how long they wait. */
export interface Settings {
  /** What the rooms are called. */
  command: string
  url: string
  /** Messages of each person in a check. */
  messages: number
  /** Pings that are sent at once. */
  flood: number
  /** How long to wait for what should not come any more, in milliseconds. */
  settleMs: number
  answerTimeoutMs: number
  /** The share of pushes that may be lost, doubled or late. */
  tolerance: number
}

export interface Room {
  roomId: string
  owner: TestPerson
}

/** What a handshake has besides the token. */
interface Handshake {
  protocols?: readonly string[]
  origin?: string
}

interface Made extends Room {
  name: string
}

/** More people would only take longer. */
const mostPeople = 6

/** The handshakes of a person that may be admitted by a second try. */
const mayHelp = ({ status }: HandshakeRefused): boolean => status === 0 || status === 429 || status >= 500

/** The deployment, with the people who talk there and the rooms and connections that were made. */
export class Site {
  readonly settings: Settings
  readonly clock: Clock
  /** How often the server has closed a connection with which code. */
  readonly codes = new Map<number, number>()
  people: readonly TestPerson[] = []
  hello: Hello | undefined
  readonly #output: Output
  readonly #connections = new Set<Connection>()
  readonly #rooms: Made[] = []
  #isStopped = false

  constructor(settings: Settings, clock: Clock, output: Output) {
    this.settings = settings
    this.clock = clock
    this.#output = output
  }

  /** Asks the server who everybody is. Tries again until this time, but not after a refusal. */
  async identify(holders: readonly TokenHolder[], end: number): Promise<void> {
    const people: TestPerson[] = []
    for (const { name, token } of holders) {
      const connection = await this.#first({ name, token }, end)
      const hello = await connection.ask('hello')
      await connection.close()
      const twin = people.find(({ user }) => user === hello.user)
      if (twin) throw new UsageError(`--tokens: the tokens of ${twin.name} and ${name} are of the same user.`)
      people.push({ name, token, user: hello.user })
      this.hello ??= hello
    }
    this.people = people
  }

  /** Those who talk. */
  get talkers(): readonly TestPerson[] {
    return this.people.slice(0, mostPeople)
  }

  /** The person at this place of the tokens, counted from 0; the last places may be negative. */
  person(at: number): TestPerson {
    const person = this.people.at(at)
    if (!person) throw new Error(`There are only ${this.people.length} people.`)
    return person
  }

  /** Rejects with HandshakeRefused. */
  async connect(person: Pick<TestPerson, 'token'>, more: Handshake = {}): Promise<Connection> {
    if (this.#isStopped) throw new Failure('The checks were stopped.', 'closed')
    return this.#open(person, more)
  }

  /** A new secret room, of which all who talk are members. */
  async room(purpose: string): Promise<Room> {
    const { command } = this.settings
    const name = `${command} ${purpose} ${new Date(this.clock.now()).toISOString()} ${randomId(Math.random).slice(0, 8)}`
    for (const owner of this.people) {
      const connection = await this.connect(owner)
      try {
        const description = `Made by npm run ${command}. It can be deleted.`
        const clientRoomId = randomId(Math.random)
        const { room } = await connection.ask('createRoom', { name, privacy: 'secret', description, clientRoomId })
        this.#rooms.push({ roomId: room.roomId, name, owner })
        const principals = this.talkers.map(({ user }) => `user:${user}`)
        await connection.ask('grant', { roomId: room.roomId, role: 'member', principals })
        return { roomId: room.roomId, owner }
      } catch (error) {
        if (!(error instanceof ChatError)) throw error
        if (error.code !== 'forbidden') throw new Failure(`No room can be made: ${error.message}`, error.code)
      } finally {
        await connection.close()
      }
    }
    throw new Failure('None of these people may create a room in the category "general".', 'forbidden')
  }

  async joined(person: TestPerson, { roomId }: Room): Promise<Connection> {
    const connection = await this.connect(person)
    await connection.ask('join', { roomId, limit: 0 })
    return connection
  }

  /** Closes the connections, so that those of one check do not count in the next. */
  async closeAll(): Promise<void> {
    const open = [...this.#connections].filter(({ code }) => code === undefined)
    this.#connections.clear()
    await Promise.all(open.map((connection) => connection.close()))
  }

  /** Ends the checks: they get no connection any more. */
  stop(): void {
    this.#isStopped = true
    for (const connection of this.#connections) connection.cut()
  }

  /** Deletes the rooms, by those who may. Reports those that stay. */
  async cleanUp(): Promise<void> {
    await this.closeAll()
    // Administrators are last in most files.
    for (const person of this.people.toReversed()) {
      if (this.#rooms.length === 0) return
      await this.#deleteRooms(person).catch((error: unknown) =>
        this.#output.note(`${person.name} could not delete rooms: ${reasonOf(error)}.`),
      )
    }
    for (const { name } of this.#rooms)
      this.#output.note(`The room "${name}" stays: none of these people may delete it.`)
  }

  async #deleteRooms(person: TestPerson): Promise<void> {
    const connection = await this.#open(person)
    try {
      while (this.#rooms[0]) {
        const { roomId } = this.#rooms[0]
        const isDeleted = await connection.ask('deleteRoom', { roomId }).then(
          () => true,
          (error: unknown) => {
            if (error instanceof ChatError && ['forbidden', 'not_found'].includes(error.code)) return false
            throw error
          },
        )
        if (!isDeleted) return
        this.#rooms.shift()
      }
    } finally {
      await connection.close()
    }
  }

  async #open({ token }: Pick<TestPerson, 'token'>, more: Handshake = {}): Promise<Connection> {
    const { url, answerTimeoutMs } = this.settings
    const connection = await Connection.open({
      url,
      protocols: ['chat.v1', `bearer.${token}`],
      ...more,
      clock: this.clock,
      answerTimeoutMs,
      onClosed: (code) => this.codes.set(code, (this.codes.get(code) ?? 0) + 1),
    })
    this.#connections.add(connection)
    return connection
  }

  #first(person: TokenHolder, end: number): Promise<Connection> {
    const { url } = this.settings
    return persist(
      this.clock,
      end,
      () => this.connect(person),
      (error) => error instanceof HandshakeRefused && mayHelp(error),
    ).catch((error: unknown) => {
      if (!(error instanceof HandshakeRefused)) throw error
      throw mayHelp(error) ? unreachable(url, error) : refusal(error, person, url)
    })
  }
}

/** The deployment did not answer in time. */
export const unreachable = (url: string, error: unknown): Failure =>
  new Failure(`There is no connection to ${visibleUrl(url)}: ${reasonOf(error).replace(/\.$/, '')}.`, 'unreachable')

function refusal({ status }: HandshakeRefused, { name }: TokenHolder, url: string): Failure {
  const shown = visibleUrl(url)
  if (status === 401)
    return new Failure(
      `${shown} refuses the token of ${name} (401): it has expired, or is of another issuer.`,
      'unauthorized',
    )
  return new Failure(
    `${shown} refuses ${name} (${status}): the user is suspended, or the path of --endpoint is wrong.`,
    'misconfigured',
  )
}
