import type { Price } from './price.ts'

const million = 1_000_000
const billion = 1000 * million
const region = 'us-east-1'

/** Amazon's price list of that day, read from public copies. */
const listed = (offer: string, date: string) => ({
  region,
  date,
  source: `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/${offer}/current/us-east-1/index.json`,
})

/** Amazon's prices for the services that this project uses. A bill consists of these. */
export const prices = {
  apiMessages: {
    ...listed('AmazonApiGateway', '2026-09-21'),
    unit: 'message of up to 32 KB, in or out',
    per: million,
    steps: [{ usd: 1, upTo: billion }, { usd: 0.8 }],
    free: { units: million, lasts: 'first-year' },
  },
  connectionMinutes: {
    ...listed('AmazonApiGateway', '2026-09-21'),
    unit: 'minute of an open connection',
    per: million,
    steps: [{ usd: 0.25 }],
    free: { units: 750_000, lasts: 'first-year' },
  },
  invocations: {
    ...listed('AWSLambda', '2026-09-19'),
    unit: 'request',
    per: million,
    steps: [{ usd: 0.2 }],
    free: { units: million, lasts: 'always' },
  },
  gigabyteSeconds: {
    ...listed('AWSLambda', '2026-09-19'),
    unit: 'GB-second, arm64',
    per: 1,
    steps: [
      { usd: 0.0000133334, upTo: 7.5 * billion },
      { usd: 0.0000120001, upTo: 18.75 * billion },
      { usd: 0.0000106667 },
    ],
    free: { units: 400_000, lasts: 'always' },
  },
  writeUnits: {
    ...listed('AmazonDynamoDB', '2026-09-11'),
    unit: 'write request unit, on demand',
    per: million,
    steps: [{ usd: 0.625 }],
  },
  readUnits: {
    ...listed('AmazonDynamoDB', '2026-09-11'),
    unit: 'read request unit, on demand',
    per: million,
    steps: [{ usd: 0.125 }],
  },
  storedGigabytes: {
    ...listed('AmazonDynamoDB', '2026-09-11'),
    unit: 'GB-month',
    per: 1,
    steps: [{ usd: 0.25 }],
    free: { units: 25, lasts: 'always' },
  },
  backedUpGigabytes: {
    region,
    unit: 'GB-month of point-in-time recovery',
    per: 1,
    steps: [{ usd: 0.2 }],
    date: '2024-11-01',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  loggedGigabytes: {
    ...listed('AmazonCloudWatch', '2026-09-22'),
    unit: 'GB taken in',
    per: 1,
    steps: [{ usd: 0.5 }],
    free: { units: 5, lasts: 'always' },
  },
  keptLogGigabytes: {
    ...listed('AmazonCloudWatch', '2026-09-22'),
    unit: 'GB-month',
    per: 1,
    steps: [{ usd: 0.03 }],
  },
  sentGigabytes: {
    region,
    unit: 'GB out to the internet',
    per: 1,
    steps: [{ usd: 0.09, upTo: 10_240 }, { usd: 0.085, upTo: 51_200 }, { usd: 0.07, upTo: 153_600 }, { usd: 0.05 }],
    free: { units: 100, lasts: 'always' },
    date: '2026-06-10',
    source:
      'https://cloud-cost-557.pages.dev/blog/estimate-aws-data-transfer-bill/; steps: https://wring.co/blog/aws-data-transfer-pricing-guide',
  },
} as const satisfies Record<string, Price>

export type Priced = keyof typeof prices

/** Prices of other services for the delivery of messages. None of them has a log, rooms or roles. */
export const alternativePrices = {
  appSyncOperations: {
    ...listed('AWSAppSync', '2026-09-11'),
    unit: 'operation of up to 5 KB: publish, delivery, connect, subscribe',
    per: million,
    steps: [{ usd: 1 }],
  },
  appSyncMinutes: {
    ...listed('AWSAppSync', '2026-09-11'),
    unit: 'minute of an open connection',
    per: million,
    steps: [{ usd: 0.08 }],
  },
  iotMessages: {
    ...listed('AWSIoT', '2026-09-11'),
    unit: 'message of up to 5 KB: publish, delivery, connect, subscribe',
    per: million,
    steps: [{ usd: 1, upTo: billion }, { usd: 0.8, upTo: 5 * billion }, { usd: 0.7 }],
  },
  iotMinutes: {
    ...listed('AWSIoT', '2026-09-11'),
    unit: 'minute of an open connection',
    per: million,
    steps: [{ usd: 0.08 }],
  },
  ivsSent: {
    region,
    unit: 'message sent',
    per: 1000,
    steps: [{ usd: 0.56 }],
    date: '2022-04-28',
    source: 'https://dev.classmethod.jp/articles/amazon-interactive-video-service-stream-chat/',
  },
  ivsDelivered: {
    region,
    unit: 'message delivered',
    per: 1000,
    steps: [{ usd: 0.008 }],
    date: '2022-04-28',
    source: 'https://dev.classmethod.jp/articles/amazon-interactive-video-service-stream-chat/',
  },
} as const satisfies Record<string, Price>
