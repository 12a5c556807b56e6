import { limits, maxAgeSeconds } from '../../protocol/limits.ts'
import type { NumberOption } from '../../terminal/command/options.ts'

/** A limit of an account in a region, or of this project. */
export interface Quota {
  default: number
  meaning: string
  source: string
  date: string
  /** Whether Amazon raises it on request. */
  raised: boolean
  least?: number
  whole?: boolean
}

const guide = 'https://docs.aws.amazon.com'
const checkedOn = '2026-11-22'

/** The default quotas. Each can be set by the argument of its name. */
export const quotas = {
  'requests-per-second': {
    default: 10_000,
    meaning: 'frames in and posts together, of all APIs of the account in the region',
    source: `${guide}/apigateway/latest/developerguide/limits.html (2,500 in newer regions)`,
    date: checkedOn,
    raised: true,
  },
  'requests-burst': {
    default: 5000,
    meaning: 'of these, at once',
    source: `${guide}/apigateway/latest/developerguide/limits.html (1,250 in newer regions)`,
    date: checkedOn,
    raised: false,
  },
  'connections-per-second': {
    default: 500,
    meaning: 'new connections, of all WebSocket APIs of the account in the region',
    source: `${guide}/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html`,
    date: checkedOn,
    raised: true,
  },
  'connection-seconds': {
    default: maxAgeSeconds,
    meaning: 'longest life of a connection',
    source: `${guide}/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html`,
    date: checkedOn,
    raised: false,
  },
  'frame-bytes': {
    default: limits.frameBytes,
    meaning: 'of one frame',
    source: `${guide}/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html`,
    date: checkedOn,
    raised: false,
  },
  'lambda-concurrency': {
    default: 1000,
    meaning: 'functions that run at once; new accounts begin lower',
    source: `${guide}/lambda/latest/dg/lambda-concurrency.html`,
    date: checkedOn,
    raised: true,
  },
  'partition-reads': {
    default: 3000,
    meaning: 'read units a second of one partition: a roster, a log',
    source: `${guide}/amazondynamodb/latest/developerguide/bp-partition-key-design.html`,
    date: checkedOn,
    raised: false,
  },
  'partition-writes': {
    default: 1000,
    meaning: 'write units a second of one partition',
    source: `${guide}/amazondynamodb/latest/developerguide/bp-partition-key-design.html`,
    date: checkedOn,
    raised: false,
  },
  'stage-requests-per-second': {
    default: 1000,
    meaning: 'frames in, as this project lets its stage take them',
    source: 'infra/socket-api.ts',
    date: '2026-11-23',
    raised: true,
  },
  'posts-per-second': {
    default: 8000,
    meaning: 'posts to one large room, as deployed with -c postsPerSecond',
    source: 'infra/settings.ts',
    date: '2026-11-23',
    raised: true,
  },
  workers: {
    default: 20,
    meaning: 'workers of large rooms that run at once: one for each part of a room, with -c workers or without',
    source: 'docs/delivery.md',
    date: '2026-11-23',
    raised: true,
  },
  'room-messages-per-second': {
    default: limits.messagesPerSecondPerRoom,
    meaning: 'messages that this project admits to one room in the long run',
    source: 'protocol/limits.ts',
    date: '2026-11-23',
    raised: true,
  },
  'author-messages-per-second': {
    default: limits.messagesPerSecondPerAuthor,
    meaning: 'messages that it admits from one author in the long run',
    source: 'protocol/limits.ts',
    date: '2026-11-23',
    raised: true,
  },
} as const satisfies Record<string, Quota>

export type QuotaName = keyof typeof quotas
export type Allowed = Record<QuotaName, number>

export const quotaNames = Object.keys(quotas) as QuotaName[]

export const quotaOptions = Object.fromEntries(
  Object.entries(quotas).map(([name, { default: value, meaning }]) => [
    name,
    { kind: 'number', default: value, meaning, least: 1 },
  ]),
) as Record<QuotaName, NumberOption & { default: number }>
