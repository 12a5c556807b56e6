import { limits, maxAgeSeconds } from '../lambdas/protocol/limits.ts'
import { type Arguments, type Asked, BadArgument } from './arguments.ts'
import { freeTiers } from './price.ts'

/** What people do in a month. */
export interface Workload {
  users: number
  hours: number
  connections: number
  rooms: number
  groups: number
  /** Connections in a room while people are online. */
  members: number
  messages: number
  bytes: number
  pages: number
  life: number
  beat: number
  days: number
  postsPerSecond: number
  months: number
}

const perDay = 24

/** Defaults are a company of a thousand that chats in rooms of twenty. */
export const workloadArguments = {
  users: { default: 1000, meaning: 'people who are online each day', whole: true },
  hours: { default: 8, meaning: 'hours a day that each is online', most: perDay },
  connections: { default: 1, meaning: 'tabs or devices of each at once', least: 1, most: limits.connectionsPerUser },
  rooms: { default: 50, meaning: 'rooms in which people are', whole: true },
  members: { default: '', meaning: 'connections in each room; without it, everyone is in one room', least: 1 },
  groups: { default: 0, meaning: 'groups of each user, which a join looks up', whole: true },
  messages: { default: 50_000, meaning: 'messages a day, in all rooms together' },
  bytes: { default: 120, meaning: 'bytes of the text of a message', most: limits.storyBytes, whole: true },
  pages: { default: 2, meaning: 'pages of 30 older messages that each user reads a day' },
  life: {
    default: 100,
    meaning: 'minutes until a client moves to a fresh connection',
    least: 1,
    most: maxAgeSeconds / 60,
  },
  beat: { default: 4.6, meaning: 'minutes between two signs of life of a client', least: 0.1 },
  days: { default: 30, meaning: 'days of the month on which this happens', most: 31 },
  months: { default: 1, meaning: 'months of messages that are kept' },
  'posts-per-second': {
    default: 8000,
    meaning: 'posts to one large room, as deployed with -c postsPerSecond',
    least: 1,
  },
  'free-tier': {
    default: 'off',
    meaning: 'allowances that count: none, those for ever, or those of the first year too',
    choices: freeTiers,
  },
} as const satisfies Arguments

export function workloadOf(asked: Asked): Workload {
  const of = (name: keyof typeof workloadArguments) => asked.number(name)
  const [users, connections] = [of('users'), of('connections')]
  const online = users * connections
  const isGiven = asked.given.has('members')
  // Without a word about members everyone is in one room, so no more rooms are used than there are people.
  const rooms = isGiven ? of('rooms') : Math.min(of('rooms'), online)
  const members = isGiven ? of('members') : rooms === 0 ? 0 : online / rooms
  if (members > online && users > 0)
    throw new BadArgument(`--members must not be more than all connections, which are ${online}; it is ${members}.`)
  if (of('rooms') === 0 && of('messages') > 0 && users > 0)
    throw new BadArgument('--rooms must be at least 1 where there are messages.')
  const roomsEach = online === 0 ? 0 : (rooms * members) / online
  if (roomsEach > limits.roomsPerConnection)
    throw new BadArgument(
      `--rooms and --members put each connection in ${roomsEach} rooms; it may be in ${limits.roomsPerConnection}.`,
    )
  const perSecond = of('messages') / (rooms * of('hours') * 3600)
  if (Number.isFinite(perSecond) && perSecond > limits.messagesPerSecondPerRoom)
    throw new BadArgument(
      `--messages must not be more than rooms admit, ${limits.messagesPerSecondPerRoom} a second in each; they are ${perSecond.toFixed(1)}.`,
    )
  return {
    users,
    rooms,
    groups: of('groups'),
    connections,
    members: Math.min(members, online),
    hours: of('hours'),
    messages: of('messages'),
    bytes: of('bytes'),
    pages: of('pages'),
    life: of('life'),
    beat: of('beat'),
    days: of('days'),
    postsPerSecond: of('posts-per-second'),
    months: of('months'),
  }
}
