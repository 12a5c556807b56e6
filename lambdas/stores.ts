import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { StoreName, Stores } from './app.ts'
import { LambdaWorkers } from './aws/workers.ts'
import { env } from './bindings.ts'
import type { Meter } from './domain/budget/meter.ts'
import type { Clock, Random } from './domain/clock.ts'
import type { JobOrder } from './domain/rooms/erasure.ts'
import { required } from './environment.ts'
import type { ReviewJob } from './jobs/review-job.ts'
import { DynamoBlocks } from './store/blocks.ts'
import { DynamoCategories } from './store/categories.ts'
import { dynamoClient } from './store/client.ts'
import { DynamoDirectory } from './store/directory.ts'
import { DynamoErasures } from './store/erasures.ts'
import { DynamoGrants } from './store/grants.ts'
import { DynamoInvitations } from './store/invitations.ts'
import { DynamoLog } from './store/log.ts'
import { DynamoPreferences } from './store/preferences.ts'
import { DynamoProfiles } from './store/profiles.ts'
import { DynamoQuotas } from './store/quotas.ts'
import { DynamoRecord } from './store/record.ts'
import { DynamoRetention } from './store/retention.ts'
import { DynamoRooms } from './store/rooms.ts'
import { DynamoSessions } from './store/sessions.ts'
import { DynamoSuspensions } from './store/suspensions.ts'

/*
 * Makes the stores. A function imports only the stores of its routes, so its bundle contains no other store, and a
 * function without stores does not contain the DynamoDB client.
 */

export type StoreMaker<Name extends StoreName> = (clock: Clock & Random, meter: Meter) => Stores[Name]

let shared: DynamoDBClient | undefined

/** All stores of a function share one client and its pool of connections. */
function client(meter: Meter): DynamoDBClient {
  shared ??= dynamoClient(meter)
  return shared
}

const roomsTable = () => required(env.roomsTable)

export const rooms: StoreMaker<'rooms'> = (clock, meter) =>
  new DynamoRooms(client(meter), clock, roomsTable(), required(env.messagesTable), required(env.recordsTable))

export const roles: StoreMaker<'roles'> = (clock, meter) => new DynamoGrants(client(meter), clock, roomsTable())

export const categories: StoreMaker<'categories'> = (clock, meter) =>
  new DynamoCategories(client(meter), clock, roomsTable(), required(env.recordsTable))

export const people: StoreMaker<'people'> = (clock, meter) => new DynamoProfiles(client(meter), clock, roomsTable())

export const suspensions: StoreMaker<'suspensions'> = (clock, meter) =>
  new DynamoSuspensions(client(meter), clock, roomsTable())

export const retention: StoreMaker<'retention'> = (clock, meter) =>
  new DynamoRetention(client(meter), clock, roomsTable())

export const erasures: StoreMaker<'erasures'> = (clock, meter) => new DynamoErasures(client(meter), clock, roomsTable())

export const jobs: StoreMaker<'jobs'> = () => new LambdaWorkers<JobOrder>(required(env.jobsFunction))

export const invitations: StoreMaker<'invitations'> = (clock, meter) =>
  new DynamoInvitations(client(meter), clock, roomsTable())

export const preferences: StoreMaker<'preferences'> = (clock, meter) =>
  new DynamoPreferences(client(meter), clock, roomsTable())

export const blocks: StoreMaker<'blocks'> = (clock, meter) => new DynamoBlocks(client(meter), clock, roomsTable())

export const quotas: StoreMaker<'quotas'> = (clock, meter) =>
  new DynamoQuotas(client(meter), clock, required(env.budgetsTable))

export const directory: StoreMaker<'directory'> = (clock, meter) =>
  new DynamoDirectory(client(meter), clock, { rooms: roomsTable(), sessions: required(env.sessionsTable) })

export const sessions: StoreMaker<'sessions'> = (clock, meter) =>
  new DynamoSessions(client(meter), clock, required(env.sessionsTable), required(env.recordsTable))

export const messages: StoreMaker<'messages'> = (clock, meter) =>
  new DynamoLog(client(meter), clock, required(env.messagesTable))

export const records: StoreMaker<'records'> = (clock, meter) =>
  new DynamoRecord(client(meter), clock, required(env.recordsTable))

/** Reviews are handed on to a function of their own, which hands them on to itself. */
export const reviews: StoreMaker<'reviews'> = () =>
  new LambdaWorkers<ReviewJob>(process.env[env.reviewFunction] ?? required('AWS_LAMBDA_FUNCTION_NAME'))
