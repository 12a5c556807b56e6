import { limits, maxAgeSeconds } from '../../protocol/limits.ts'
import { UsageError } from '../../terminal/command/failure.ts'
import type { Options, Values } from '../../terminal/command/options.ts'
import { freeTiers } from './price.ts'

/** The activity of a month. */
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

/** The defaults describe a company of a thousand people who chat in rooms of twenty. */
export const workloadOptions = {
  users: { kind: 'number', default: 1000, meaning: 'people who are online each day', whole: true },
  hours: { kind: 'number', default: 8, meaning: 'hours a day that each is online', most: perDay },
  connections: {
    kind: 'number',
    default: 1,
    meaning: 'tabs or devices of each at once',
    least: 1,
    most: limits.connectionsPerUser,
  },
  rooms: { kind: 'number', default: 50, meaning: 'rooms in which people are', whole: true },
  members: {
    kind: 'number',
    absent: 'everyone is in one room',
    meaning: 'connections in each room',
    least: 1,
  },
  groups: { kind: 'number', default: 0, meaning: 'groups of each user, which a join looks up', whole: true },
  messages: { kind: 'number', default: 50_000, meaning: 'messages a day, in all rooms together' },
  bytes: {
    kind: 'number',
    default: 120,
    meaning: 'bytes of the text of a message',
    most: limits.storyBytes,
    whole: true,
  },
  pages: { kind: 'number', default: 2, meaning: 'pages of 30 older messages that each user reads a day' },
  life: {
    kind: 'number',
    default: 100,
    meaning: 'minutes until a client moves to a fresh connection',
    least: 1,
    most: maxAgeSeconds / 60,
  },
  beat: { kind: 'number', default: 4.6, meaning: 'minutes between two signs of life of a client', least: 0.1 },
  days: { kind: 'number', default: 30, meaning: 'days of the month on which this happens', most: 31 },
  months: { kind: 'number', default: 1, meaning: 'months of messages that are kept' },
  'posts-per-second': {
    kind: 'number',
    default: 8000,
    meaning: 'posts to one large room, as deployed with -c postsPerSecond',
    least: 1,
  },
  'free-tier': {
    kind: 'choice',
    default: 'off',
    meaning: 'allowances that count: none, those for ever, or those of the first year too',
    choices: freeTiers,
  },
} as const satisfies Options

export type WorkloadValues = Values<typeof workloadOptions>

export function workloadOf(values: WorkloadValues): Workload {
  const { users, connections } = values
  const online = users * connections
  const isGiven = values.members !== undefined
  // Without --members each person is in one room, so the number of rooms is at most that of people.
  const rooms = isGiven ? values.rooms : Math.min(values.rooms, online)
  const members = values.members ?? (rooms === 0 ? 0 : online / rooms)
  if (members > online && users > 0)
    throw new UsageError(`--members must not be more than all connections, which are ${online}; it is ${members}.`)
  if (values.rooms === 0 && values.messages > 0 && users > 0)
    throw new UsageError('--rooms must be at least 1 where there are messages.')
  const roomsEach = online === 0 ? 0 : (rooms * members) / online
  if (roomsEach > limits.roomsPerConnection)
    throw new UsageError(
      `--rooms and --members put each connection in ${roomsEach} rooms; it may be in ${limits.roomsPerConnection}.`,
    )
  const perSecond = values.messages / (rooms * values.hours * 3600)
  if (Number.isFinite(perSecond) && perSecond > limits.messagesPerSecondPerRoom)
    throw new UsageError(
      `--messages must not be more than rooms admit, ${limits.messagesPerSecondPerRoom} a second in each; they are ${perSecond.toFixed(1)}.`,
    )
  return {
    users,
    rooms,
    groups: values.groups,
    connections,
    members: Math.min(members, online),
    hours: values.hours,
    messages: values.messages,
    bytes: values.bytes,
    pages: values.pages,
    life: values.life,
    beat: values.beat,
    days: values.days,
    postsPerSecond: values['posts-per-second'],
    months: values.months,
  }
}
