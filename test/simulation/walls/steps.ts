import type { Caller } from '../../../lambdas/domain/access/principals.ts'
import type { Chance } from '../chance.ts'
import type { Frame } from '../fuzz/frames.ts'

export interface World {
  admin: Caller
  people: readonly [Caller, ...Caller[]]
  categories: readonly string[]
  rooms: string[]
  /** The present version of each room and category. */
  versions: Map<string, number>
  /** Who joined which room, now or earlier. */
  joined: [Caller, string][]
  /** The messages that were accepted, for retries. */
  sent: [Caller, Frame][]
}

const principals = [
  'everyone',
  'group:trade',
  'group:research',
  'user:ana',
  'user:ben',
  'user:dee',
  'user:eli',
] as const
const roles = ['member', 'manager', 'presenter'] as const
const privacy = ['open', 'closed', 'secret'] as const

type Step = (chance: Chance, world: World) => Frame | [Caller, Frame]

const pick = (chance: Chance, all: readonly string[]): string => all[chance.whole(0, all.length - 1)] ?? 'none'
/** Most steps are about the newest rooms, so that they meet. */
const roomId = (chance: Chance, { rooms }: World): string => pick(chance, chance.hits(0.9) ? rooms.slice(-3) : rooms)
const some = (chance: Chance): string[] => [chance.pick(principals), chance.pick(principals)].slice(chance.whole(0, 2))

const version = (chance: Chance, { versions }: World, id: string): number =>
  chance.hits(0.9) ? (versions.get(id) ?? 1) : chance.whole(1, 8)

const createRoom: Step = (chance, world) => ({
  action: 'createRoom',
  name: `Room ${world.rooms.length} ${chance.draw()}`,
  categoryId: pick(chance, world.categories),
  privacy: chance.pick(privacy),
  members: some(chance),
  managers: some(chance),
})

const moveRoom: Step = (chance, world) => ({
  action: 'moveRoom',
  roomId: roomId(chance, world),
  categoryId: pick(chance, world.categories),
})

const updateRoom: Step = (chance, world) => {
  const id = roomId(chance, world)
  return {
    action: 'updateRoom',
    roomId: id,
    version: version(chance, world, id),
    privacy: chance.pick(privacy),
    ...(chance.hits(0.2) && { disabled: chance.hits(0.3) }),
  }
}

const changeRole: Step = (chance, world) => ({
  action: chance.pick(['grant', 'grant', 'revoke']),
  roomId: roomId(chance, world),
  role: chance.pick(roles),
  principals: [chance.pick(principals)],
})

const updateCategory: Step = (chance, world) => {
  // The lists of who is denied stay for a while, so that messages are said under them.
  if (chance.hits(0.8)) return join(chance, world)
  const categoryId = pick(chance, world.categories)
  const denied = some(chance).filter((principal) => principal !== 'everyone')
  return [world.admin, { action: 'updateCategory', categoryId, version: version(chance, world, categoryId), denied }]
}

const join: Step = (chance, world) => ({ action: 'join', roomId: roomId(chance, world), limit: 50 })
const leave: Step = (chance, world) => ({ action: 'leave', roomId: roomId(chance, world) })

let messages = 0
const send: Step = (chance, world) => {
  const [author, id] = world.joined.at(-1 - chance.whole(0, 5)) ?? [world.admin, roomId(chance, world)]
  const text = `marker-${messages}-end`
  return [author, { action: 'send', roomId: id, text, clientMessageId: `m${messages++}`, after: 0 }]
}

const retry: Step = (chance, world) => {
  const [author, frame] = world.sent[chance.whole(0, world.sent.length - 1)] ?? [world.admin, join(chance, world)]
  return [author, frame as Frame]
}

const history: Step = (chance, world) =>
  chance.hits(0.5)
    ? { action: 'history', roomId: roomId(chance, world), limit: 50 }
    : { action: 'history', roomIds: [...new Set(world.rooms.slice(-8))], limit: 50, search: 'marker', match: 'any' }

const sync: Step = (_, world) => ({
  action: 'sync',
  rooms: Object.fromEntries(world.rooms.slice(-8).map((id) => [id, 0])),
})

const steps: readonly [Step, ...Step[]] = [
  moveRoom,
  moveRoom,
  updateRoom,
  changeRole,
  changeRole,
  updateCategory,
  join,
  join,
  join,
  leave,
  send,
  send,
  send,
  send,
  retry,
  history,
  history,
  sync,
]

/** The next frame and its sender: one person of all, rarely the administrator. */
export function nextFrame(chance: Chance, world: World): [Caller, Frame] {
  const step = world.rooms.length < 3 || chance.hits(0.01) ? createRoom : chance.pick(steps)
  const made = step(chance, world)
  if (Array.isArray(made)) return made
  return [chance.hits(0.05) ? world.admin : chance.pick(world.people), made]
}
