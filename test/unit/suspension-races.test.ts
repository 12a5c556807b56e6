import { connect } from '../../lambdas/routes/connect.ts'
import { suspend } from '../../lambdas/routes/suspend.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { call, eventOf, person } from '../support/memory/fixtures.ts'

const root = person('root', { admin: true })

type Actor = 'connect' | 'suspend'

/** Lets two actors take their steps in the order of a schedule. An actor that has ended leaves its turns to the other. */
class Turns {
  readonly #schedule: Actor[]
  readonly #waiting = new Map<Actor, () => void>()
  readonly #running = new Set<Actor>(['connect', 'suspend'])

  constructor(schedule: readonly Actor[]) {
    this.#schedule = [...schedule]
  }

  async take(actor: Actor): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.set(actor, resolve)
      this.#next()
    })
  }

  end(actor: Actor): void {
    this.#running.delete(actor)
    this.#next()
  }

  #next(): void {
    // The next step starts when both actors wait for a turn, or have ended.
    if ([...this.#running].some((actor) => !this.#waiting.has(actor))) return
    const [other] = this.#running
    if (other === undefined) return
    const turn = this.#schedule.shift() ?? other
    const actor = this.#running.has(turn) ? turn : other
    const resolve = this.#waiting.get(actor)
    this.#waiting.delete(actor)
    resolve?.()
  }
}

/** An object whose named methods wait for a turn of the actor. */
function withTurns<Target extends object>(target: Target, names: readonly (keyof Target)[], turn: () => Promise<void>) {
  return new Proxy(target, {
    get: (inner, name) => {
      const value: unknown = Reflect.get(inner, name)
      if (typeof value !== 'function') return value
      const call = (...given: unknown[]): unknown => Reflect.apply(value, inner, given)
      return names.includes(name as keyof Target) ? (...given: unknown[]) => turn().then(() => call(...given)) : call
    },
  })
}

/** The app of one actor: every step that the other one can notice waits for a turn. */
const appOf = (app: MemoryApp, turns: Turns, actor: Actor) => {
  const turn = () => turns.take(actor)
  return {
    ...app,
    sessions: withTurns(app.sessions, ['open', 'close', 'connectionsOf', 'surplusOf'], turn),
    suspensions: withTurns(app.suspensions, ['find', 'put'], turn),
    connections: withTurns(app.connections, ['post', 'close'], turn),
  }
}

/** All orders of so many steps of each actor. */
function schedules(connects: number, suspends: number): Actor[][] {
  if (connects === 0 || suspends === 0) {
    return [[...Array<Actor>(connects).fill('connect'), ...Array<Actor>(suspends).fill('suspend')]]
  }
  return [
    ...schedules(connects - 1, suspends).map((rest): Actor[] => ['connect', ...rest]),
    ...schedules(connects, suspends - 1).map((rest): Actor[] => ['suspend', ...rest]),
  ]
}

/** Runs a handshake and a suspension of its user. The gateway knows the connection when the handshake has ended. */
async function race(schedule: readonly Actor[]): Promise<{ status: number; closed: boolean; left: string[] }> {
  const app = memoryApp()
  app.connections.setFault('a1', 'gone')
  const turns = new Turns(schedule)
  const opening = connect(appOf(app, turns, 'connect'), eventOf(app, '', person('ana'), 'a1')).then(async (reply) => {
    await turns.take('connect')
    if (reply.statusCode === 200) app.connections.setFault('a1', undefined)
    turns.end('connect')
    return reply.statusCode
  })
  const suspending = call(appOf(app, turns, 'suspend'), suspend, { user: 'ana' }, root).finally(() =>
    turns.end('suspend'),
  )
  const [status, reply] = await Promise.all([opening, suspending])
  expect(reply.ok).toBe(true)
  return {
    status,
    closed: app.connections.frames('a1').length === 1 && app.connections.closed.includes('a1'),
    left: await app.sessions
      .connectionsOf('ana')
      .then((ids) => ids.filter((id) => !app.connections.closed.includes(id))),
  }
}

describe('a handshake and a suspension at once', () => {
  // The handshake has 4 steps. Its last one is before the second look of the suspension, which is half a second later.
  const orders = schedules(4, 5)

  it('leave no open connection in any order of their steps', async () => {
    const outcomes = await Promise.all(orders.map(race))
    const open = orders.filter((_, nr) => {
      const { status, closed, left } = outcomes[nr] ?? { status: 200, closed: false, left: [] }
      return left.length > 0 || (status === 200 ? !closed : status !== 403)
    })
    expect(open).toEqual([])
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([200, 403]))
  })
})
