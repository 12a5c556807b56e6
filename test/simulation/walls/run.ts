import type { Caller } from '../../../lambdas/domain/access/principals.ts'
import type { Handler } from '../../../lambdas/route.ts'
import { memoryApp } from '../../support/memory/app.ts'
import { connect, eventOf, person } from '../../support/memory/fixtures.ts'
import type { Chance } from '../chance.ts'
import type { Frame } from '../fuzz/frames.ts'
import { handlers } from '../fuzz/run.ts'
import { isDenied, WallModel } from './model.ts'
import { nextFrame, type World } from './steps.ts'

export interface WallsResult {
  /** Messages that reached somebody whom the category of the room denied, by the frame that carried them. */
  leaks: string[]
  /** The number of replies by verb and code. */
  outcomes: Map<string, number>
  /** Messages that reached their readers. */
  read: number
}

const admin = person('root', { admin: true })

const people: readonly [Caller, ...Caller[]] = [
  person('ana'),
  person('ben', { groups: ['staff'] }),
  person('cy', { groups: ['staff', 'trade'] }),
  person('dee', { groups: ['trade'] }),
  person('eli', { groups: ['research'] }),
]

/** The text of every message; its number leads to its room. */
const marker = /marker-(\d+)-end/g

/** Runs this many random steps, and looks at every frame that anybody gets. */
export async function runWalls(steps: number, chance: Chance): Promise<WallsResult> {
  const app = memoryApp()
  const verbs = await handlers()
  const model = new WallModel()
  const result: WallsResult = { leaks: [], outcomes: new Map(), read: 0 }
  const callerOf = new Map([admin, ...people].map((caller) => [`c-${caller.user}`, caller]))

  const see = (connectionId: string, frame: string, step: string) => {
    const reader = callerOf.get(connectionId)
    if (!reader || reader.admin) return
    for (const [text, number] of frame.matchAll(marker)) {
      result.read++
      if (isDenied(reader, model.deniedIn(Number(number))))
        result.leaks.push(`${text} reached ${reader.user} by ${step}`)
    }
  }
  const connections = {
    close: async () => 'delivered' as const,
    post: async (connectionId: string, frame: string) => {
      see(connectionId, frame, 'a push')
      return 'delivered' as const
    },
  }
  const ask = async (caller: Caller, frame: Frame): Promise<Frame> => {
    const connectionId = `c-${caller.user}`
    model.announce(frame)
    const handler = verbs.get(String(frame.action)) as Handler
    const { body = '{}' } = await handler({ ...app, connections }, eventOf(app, frame, caller, connectionId))
    const reply: Frame = JSON.parse(body)
    if (reply.ok) model.note(caller, frame, reply)
    see(connectionId, body, JSON.stringify(frame))
    const outcome = `${frame.action} ${reply.ok ? 'ok' : (reply.error as Frame).code}`
    result.outcomes.set(outcome, (result.outcomes.get(outcome) ?? 0) + 1)
    return reply
  }
  for (const caller of callerOf.values()) await connect(app, caller, `c-${caller.user}`)
  const world: World = {
    admin,
    people,
    categories: await makeCategories(ask),
    rooms: [],
    versions: new Map(),
    joined: [],
    sent: [],
  }
  for (let step = 0; step < steps && result.leaks.length === 0; step++) {
    app.clock.time += 1000
    const [caller, frame] = nextFrame(chance, world)
    const reply = await ask(caller, frame)
    remember(world, caller, frame, reply)
  }
  return result
}

async function makeCategories(ask: (caller: Caller, frame: Frame) => Promise<Frame>): Promise<string[]> {
  const deny = [[], ['group:trade'], ['group:trade', 'user:eli'], ['group:research'], ['user:ben']]
  const ids: string[] = []
  for (const [at, denied] of deny.entries()) {
    const allowed = ['everyone']
    const frame = { action: 'createCategory', name: `Category ${at}`, allowed, creators: allowed, denied }
    const { category } = await ask(admin, frame)
    ids.push(String((category as Frame).categoryId))
  }
  return ids
}

function remember(world: World, caller: Caller, frame: Frame, reply: Frame): void {
  if (!reply.ok) return
  for (const { roomId, categoryId, version } of [reply.room, reply.category].filter(
    (one) => one !== undefined,
  ) as Frame[])
    if (version !== undefined) world.versions.set(String(roomId ?? categoryId), Number(version))
  if (frame.action === 'createRoom') world.rooms.push(String((reply.room as Frame).roomId))
  if (frame.action === 'join') world.joined.push([caller, String(frame.roomId)])
  if (frame.action === 'send') world.sent.push([caller, frame])
}
