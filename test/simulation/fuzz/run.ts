import type * as z from 'zod/mini'
import type { Caller } from '../../../lambdas/domain/access/principals.ts'
import type { Connections } from '../../../lambdas/push/connections.ts'
import type { Handler } from '../../../lambdas/route.ts'
import * as schemas from '../../../protocol/frames.ts'
import { everyRoute } from '../../support/every-route.ts'
import { FrameValidator } from '../../support/frame-validator.ts'
import { type MemoryApp, memoryApp } from '../../support/memory/app.ts'
import { connect, eventOf, person } from '../../support/memory/fixtures.ts'
import type { Chance } from '../chance.ts'
import { type Frame, frameOf, type Known } from './frames.ts'

export interface FuzzResult {
  frames: number
  /** The number of replies by verb and code. */
  outcomes: Map<string, number>
  /** What must not happen: an internal error, a reply or push outside the contract, or a frame that is too long. */
  defects: string[]
}

const largestFrame = 32 * 1024
/** API Gateway accepts four such frames as one message. */
const largestMessage = 4 * largestFrame
const mostDefects = 10

/** Every verb with the handler of its route. */
export const handlers = async (): Promise<Map<string, Handler>> =>
  new Map([...(await everyRoute())].filter(([key]) => !key.startsWith('$')))

const schemaOf = new Map<string, z.ZodMiniType>(Object.entries(schemas))

function fieldsOf(verb: string): string[] {
  const schema = schemaOf.get(verb)
  if (!schema) throw new Error(`${verb} has no schema.`)
  const { shape = {} } = schema._zod.def as unknown as { shape?: Record<string, unknown> }
  return Object.keys(shape)
}

/** Sends frames of many users to all routes, one after another, over stores that keep everything. */
export async function fuzz(frames: number, chance: Chance): Promise<FuzzResult> {
  const app = memoryApp()
  const pushes: string[] = []
  const connections: Connections = {
    post: async (_, frame) => {
      pushes.push(frame)
      return 'delivered'
    },
    close: async (connectionId) => {
      closed.add(connectionId)
      return 'delivered'
    },
  }
  const closed = new Set<string>()
  const all = [...(await handlers())] as [[string, Handler]]
  const talk = all.filter(([verb]) => ['join', 'send', 'history', 'leave'].includes(verb)) as [[string, Handler]]
  const validator = new FrameValidator()
  const callers = await connectedCallers(app)
  const known: Known = {
    rooms: [],
    categories: ['general'],
    cursors: [],
    names: [],
    ids: ['a', 'b', 'c'],
    versions: [1],
  }
  const result: FuzzResult = { frames: 0, outcomes: new Map(), defects: [] }
  const fail = (text: string) => void result.defects.push(text)

  while (result.frames < frames && result.defects.length < mostDefects) {
    const [verb, handler] = chance.pick(chance.hits(0.4) ? talk : all)
    const member = chance.pick(callers)
    const [caller, connectionId] = member
    const frame = frameOf(verb, fieldsOf(verb), chance, known)
    app.clock.time += chance.whole(0, 2000)
    result.frames++
    const { body } = await handler({ ...app, connections }, eventOf(app, frame, caller, connectionId))
    // The reply of a connection that ends is pushed, before its goaway.
    const text = body ?? pushes.splice(0, 1)[0] ?? ''
    const reply: Frame = JSON.parse(text)
    const code = reply.ok ? 'ok' : String((reply.error as Frame).code)
    result.outcomes.set(`${verb} ${code}`, (result.outcomes.get(`${verb} ${code}`) ?? 0) + 1)
    if (code === 'internal') fail(`${JSON.stringify(app.logLines.at(-1))} for ${JSON.stringify(frame).slice(0, 500)}`)
    if (Buffer.byteLength(text) > largestMessage) fail(`${verb} answers ${Buffer.byteLength(text)} bytes.`)
    const wrong = validator.wrongReply(verb, reply)
    if (wrong) fail(`${wrong} for ${JSON.stringify(frame).slice(0, 500)}`)
    for (const push of pushes.splice(0)) {
      const wrongPush = validator.wrongPush(JSON.parse(push))
      if (wrongPush) fail(wrongPush)
    }
    app.watch.forget()
    if (closed.delete(connectionId)) {
      member[1] = `c${result.frames}`
      await connect(app, caller, member[1])
    }
    remember(known, reply)
  }
  return result
}

async function connectedCallers(app: MemoryApp): Promise<[[Caller, string], ...[Caller, string][]]> {
  const callers: [Caller, string][] = []
  for (let nr = 0; nr < 12; nr++) {
    const groups = Array.from({ length: nr * 5 }, (_, at) => `${'g'.repeat(1 + (at % 30))}${at}`)
    const caller = person(`u${nr}`, { groups, admin: nr === 0 })
    await connect(app, caller, `c${nr}`)
    callers.push([caller, `c${nr}`])
  }
  return callers as [[Caller, string]]
}

const mostKnown = 400

function remember(known: Known, reply: Frame): void {
  const { room, category, cursor } = reply as { room?: Frame; category?: Frame; cursor?: unknown }
  if (room?.roomId) add(known.rooms, String(room.roomId))
  if (room?.name) add(known.names, String(room.name))
  if (category?.categoryId) add(known.categories, String(category.categoryId))
  const version = room?.version ?? category?.version
  if (version !== undefined) known.versions = [Number(version), ...known.versions].slice(0, 20)
  if (typeof cursor === 'string') add(known.cursors, cursor)
}

function add(all: string[], one: string): void {
  if (all.includes(one)) return
  all.push(one)
  if (all.length > mostKnown) all.shift()
}
