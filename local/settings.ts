import { type MovedClock, movedClock } from './clock.ts'
import { type Origins, readOrigins } from './origins.ts'

/** The tokens that a run accepts besides those of its user pool. */
export interface TokenSettings {
  /** Names of further issuers, which the run serves itself. */
  issuers: string[]
  /** Clients that are services; one of another issuer as `<name>=<client>`. */
  services: string[]
  /** Ids of the categories that admit guests. */
  guests: string[]
}

/** The settings of a local run, read from environment variables. */
export interface RunSettings {
  app: string | undefined
  port: number
  origins: Origins
  tokens: TokenSettings
  data: string | undefined
  dynamodbEndpoint: string | undefined
  faults: string
  seed: number
  verbose: boolean
  /** The time of metrics and alarms, which stands still until it is moved; undefined: that of the machine. */
  metricsClock: MovedClock | undefined
  /** Settings of the stack, by name. */
  context: Record<string, string>
}

/**
 * - `APP` the app command to synthesize, instead of the one in cdk.json
 * - `PORT` 3000 by default; 0 takes any free port
 * - `ORIGINS` origins of other pages that may use the run, separated by commas; `*` means all pages of this machine
 * - `ISSUERS` names of further issuers, separated by commas; `/token?issuer=<name>&user=…` gives their tokens
 * - `SERVICES` clients that are services, separated by commas; `/token?service=<client>` gives their tokens
 * - `GUESTS` ids of the categories whose open rooms admit guests, separated by commas
 * - `DATA` file that keeps the tables and the key of the issuer; without it they are lost when the run ends
 * - `DYNAMODB_ENDPOINT` a DynamoDB to use instead of the embedded one
 * - `FAULTS` faults to inject, for example `dropDisconnect:0.3,post429:0.05,kill:Send:3:after`
 * - `SEED` seed of the random numbers that decide when a fault happens
 * - `CONTEXT` settings of the stack, for example `roomsPerDay=3,epoch=2`
 * - `METRICS_CLOCK` `manual`: the time of metrics and alarms moves only by `POST /_local/time`
 * - `LOG` any value: shows the output of the functions
 *
 * @throws Error with one sentence that names the invalid variable
 */
export function readSettings(environment: NodeJS.ProcessEnv): RunSettings {
  const {
    APP,
    PORT,
    ORIGINS,
    ISSUERS,
    SERVICES,
    GUESTS,
    DATA,
    DYNAMODB_ENDPOINT,
    FAULTS,
    SEED,
    LOG,
    CONTEXT,
    METRICS_CLOCK,
  } = environment
  return {
    app: APP || undefined,
    port: whole('PORT', PORT || '3000', 65_535),
    origins: readOrigins(ORIGINS ?? ''),
    tokens: { issuers: list(ISSUERS), services: list(SERVICES), guests: list(GUESTS) },
    data: DATA || undefined,
    dynamodbEndpoint: DYNAMODB_ENDPOINT ? webAddress('DYNAMODB_ENDPOINT', DYNAMODB_ENDPOINT) : undefined,
    faults: FAULTS ?? '',
    seed: whole('SEED', SEED || '1', Number.MAX_SAFE_INTEGER),
    verbose: Boolean(LOG),
    metricsClock: metricsClock(METRICS_CLOCK),
    context: pairs('CONTEXT', CONTEXT ?? ''),
  }
}

const list = (value = ''): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

/** The beginning of a minute. */
const manualStart = 1_800_000_000_000

function metricsClock(value: string | undefined): MovedClock | undefined {
  if (!value) return undefined
  if (value !== 'manual') throw new Error(`METRICS_CLOCK must be manual, if it is set; it is ${JSON.stringify(value)}.`)
  return movedClock(manualStart)
}

function whole(name: string, value: string, most: number): number {
  const number = Number(value)
  if (/^\d+$/.test(value) && number <= most) return number
  throw new Error(`${name} must be a whole number from 0 to ${most}; it is ${JSON.stringify(value)}.`)
}

function pairs(name: string, value: string): Record<string, string> {
  const found = value
    .split(',')
    .filter(Boolean)
    .map((pair) => /^(\w+)=(.+)$/.exec(pair))
  if (found.every((pair) => pair !== null)) return Object.fromEntries(found.map(([, key = '', of = '']) => [key, of]))
  throw new Error(`${name} must be pairs such as roomsPerDay=3,epoch=2; it is ${JSON.stringify(value)}.`)
}

function webAddress(name: string, value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value
  throw new Error(`${name} must be an address such as http://127.0.0.1:8000; it is ${JSON.stringify(value)}.`)
}
