import { type Origins, readOrigins } from './origins.ts'

/** The settings of a run, from the environment. */
export interface RunSettings {
  app: string | undefined
  port: number
  origins: Origins
  data: string | undefined
  dynamodbEndpoint: string | undefined
  faults: string
  seed: number
  verbose: boolean
}

/**
 * - `APP` another app command than cdk.json's
 * - `PORT` 3000 unless it is set; 0 takes any free one
 * - `ORIGINS` pages of other addresses that may use the run, separated by commas; `*` stands for all of this machine
 * - `DATA` file that keeps the tables and the issuer's key; without it they end with the run
 * - `DYNAMODB_ENDPOINT` another DynamoDB than the embedded one
 * - `FAULTS`, `SEED` what shall go wrong, as in `dropDisconnect:0.3,post429:0.05,kill:Send:3:after`, and which run of it
 * - `LOG` anything: shows what the functions print
 *
 * @throws Error with one sentence that names the variable which cannot be read
 */
export function readSettings(environment: NodeJS.ProcessEnv): RunSettings {
  const { APP, PORT, ORIGINS, DATA, DYNAMODB_ENDPOINT, FAULTS, SEED, LOG } = environment
  return {
    app: APP || undefined,
    port: whole('PORT', PORT || '3000', 65_535),
    origins: readOrigins(ORIGINS ?? ''),
    data: DATA || undefined,
    dynamodbEndpoint: DYNAMODB_ENDPOINT ? webAddress('DYNAMODB_ENDPOINT', DYNAMODB_ENDPOINT) : undefined,
    faults: FAULTS ?? '',
    seed: whole('SEED', SEED || '1', Number.MAX_SAFE_INTEGER),
    verbose: Boolean(LOG),
  }
}

function whole(name: string, value: string, most: number): number {
  const number = Number(value)
  if (/^\d+$/.test(value) && number <= most) return number
  throw new Error(`${name} must be a whole number from 0 to ${most}; it is ${JSON.stringify(value)}.`)
}

function webAddress(name: string, value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value
  throw new Error(`${name} must be an address such as http://127.0.0.1:8000; it is ${JSON.stringify(value)}.`)
}
