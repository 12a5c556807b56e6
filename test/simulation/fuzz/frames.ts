import { emoticons } from '../../../protocol/emoticons.ts'
import type { Chance } from '../chance.ts'

export type Frame = Record<string, unknown>

/** What earlier frames have made, from which later frames take ids, cursors, positions and names. */
export interface Known {
  rooms: string[]
  categories: string[]
  cursors: string[]
  names: string[]
  ids: string[]
  versions: number[]
}

type Make = (chance: Chance, known: Known) => unknown

const users = Array.from({ length: 12 }, (_, nr) => `user:u${nr}`)
const groups = Array.from({ length: 60 }, (_, nr) => `group:${'g'.repeat(1 + (nr % 30))}${nr}`)

const everybody = [`user:${'z'.repeat(128)}`, 'everyone', ...users, ...groups] as const

const list = (make: Make, most: number): Make => {
  return (chance, known) => {
    const length = chance.hits(0.1) ? chance.whole(most - 3, most + 1) : chance.whole(0, 4)
    return Array.from({ length }, () => make(chance, known))
  }
}

const from =
  (source: (known: Known) => string[], other: string): Make =>
  (chance, known) => {
    const all = source(known)
    // Most frames are about the newest few, so that frames meet each other.
    const oldest = chance.hits(0.7) ? Math.max(0, all.length - 5) : 0
    return all.length > 0 && chance.hits(0.95) ? all[chance.whole(oldest, all.length - 1)] : other
  }

const roomId = from(({ rooms }) => rooms, 'no-room')
const name: Make = (chance, known) =>
  chance.hits(0.7) || known.names.length === 0 ? `Name ${chance.whole(0, 5000)}` : chance.pick(known.names as [string])
const text: Make = (chance) => chance.pick(['hi', 'Straße', '😀'.repeat(chance.whole(1, 1100)), 'x\ny', ' ', ''])
const position: Make = (chance) => chance.pick([0, 1, 2, chance.whole(0, 400), 2 ** 40])
const someone: Make = (chance) => chance.pick(everybody)
const time: Make = (chance) => new Date(1_760_000_000_000 + chance.whole(0, 10 ** 9)).toISOString()
const flag: Make = (chance) => chance.hits(0.5)
const of =
  (first: unknown, ...others: unknown[]): Make =>
  (chance) =>
    chance.pick([first, ...others])

const part: Make = (chance, known) =>
  chance.pick<unknown>([
    { type: 'text', text: text(chance, known) },
    { type: 'emoticon', emoticon: chance.pick(Object.keys(emoticons) as [string]) },
    { type: 'link', text: 'docs', href: chance.pick(['https://a.example', 'javascript:x']) },
    { type: 'roomLink', roomId: roomId(chance, known), name: 'Room' },
  ])

/** Values of each field, most of them valid. */
const fields: Record<string, Make> = {
  roomId,
  roomName: name,
  roomUri: (chance, known) => `chat://chat.test/${roomId(chance, known)}`,
  roomIds: list(roomId, 20),
  rooms: (chance, known) => Object.fromEntries((list(roomId, 100)(chance, known) as string[]).map((id) => [id, 0])),
  categoryId: from(({ categories }) => categories, 'general'),
  cursor: from(({ cursors }) => cursors, 'bm90aGluZw'),
  clientMessageId: from(({ ids }) => ids, 'm'),
  clientRoomId: from(({ ids }) => ids, 'r'),
  name,
  title: name,
  description: text,
  text,
  search: text,
  criteria: text,
  replacement: text,
  parts: list(part, 100),
  rich: () => ({ contentType: 'text/html', body: '<b>x</b>' }),
  alert: flag,
  after: position,
  before: position,
  ifHead: position,
  limit: (chance) => chance.whole(0, 520),
  version: (chance, { versions }) => versions[chance.whole(0, versions.length - 1)] ?? 1,
  'purge before': time,
  'erase messages': of('remove', 'keep'),
  days: (chance) => chance.whole(0, 30),
  hold: flag,
  until: time,
  reason: text,
  connectionId: (chance) => `c${chance.whole(0, 11)}`,
  keep: (chance) => chance.whole(0, 20),
  seqs: list(position, 100),
  from: time,
  to: time,
  authors: list((chance) => `u${chance.whole(0, 11)}`, 100),
  match: of('any', 'all', 'phrase'),
  matchCase: flag,
  order: of('oldest', 'newest'),
  sort: of('oldest', 'newest'),
  privacy: of('open', 'open', 'closed', 'secret'),
  auditorium: flag,
  disabled: flag,
  history: flag,
  files: flag,
  invitations: of('inherit', 'off', true, false),
  role: of('member', 'manager', 'presenter'),
  principals: list(someone, 100),
  members: list(someone, 100),
  managers: list(someone, 100),
  presenters: list(someone, 100),
  allowed: list(someone, 100),
  denied: list(someone, 100),
  creators: list(someone, 100),
  label: (chance) => `label ${chance.whole(0, 200)}`,
  data: text,
  user: (chance) => `u${chance.whole(0, 11)}`,
  joinedBy: (chance) => `u${chance.whole(0, 11)}`,
  mine: flag,
}

const strange: readonly [unknown, ...unknown[]] = [
  null,
  '',
  0,
  -1,
  1.5,
  [],
  {},
  [[]],
  'x'.repeat(3000),
  true,
  '\u0000',
  { a: 1 },
]

/** A frame of this verb with some of its fields: mostly valid values, sometimes any value. */
export function frameOf(verb: string, names: readonly string[], chance: Chance, known: Known): Frame {
  const frame: Frame = { action: verb, id: String(chance.whole(0, 1e9)) }
  for (const field of names) {
    const make = fields[`${verb} ${field}`] ?? fields[field]
    if (chance.hits(required.has(field) ? 0.03 : 0.8)) continue
    if (chance.hits(0.97) && rivals[field]?.some((other) => other in frame)) continue
    frame[field] = make === undefined || chance.hits(0.02) ? chance.pick(strange) : make(chance, known)
  }
  if (verb === 'send' && frame.clientMessageId !== undefined) frame.after ??= 0
  return frame
}

/** Fields that contradict each other. */
const rivals: Record<string, readonly string[]> = {
  roomUri: ['roomId'],
  roomName: ['roomId', 'roomUri'],
  roomIds: ['roomId'],
  parts: ['text'],
  cursor: ['after', 'before', 'from', 'to'],
}

const required = new Set(['roomId', 'text', 'name', 'principals', 'role', 'label', 'rooms', 'version'])
