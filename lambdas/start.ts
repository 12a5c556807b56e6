import { randomUUID } from 'node:crypto'
import type { App } from './app.ts'
import { ApiGatewayConnections } from './aws/connections.ts'
import { defaultProvider } from './aws/credentials.ts'
import { env } from './bindings.ts'
import { joinLimiter, rateLimits } from './budgets.ts'
import { DynamoCategories } from './store/categories.ts'
import { dynamoClient } from './store/client.ts'
import { DynamoDirectory } from './store/directory.ts'
import { DynamoGrants } from './store/grants.ts'
import { DynamoInvitations } from './store/invitations.ts'
import { DynamoLog } from './store/log.ts'
import { DynamoPreferences } from './store/preferences.ts'
import { DynamoProfiles } from './store/profiles.ts'
import { DynamoRecord } from './store/record.ts'
import { DynamoRooms } from './store/rooms.ts'
import { DynamoSessions } from './store/sessions.ts'

/** Builds the app from the environment, once per cold start. */
export function buildApp(): App {
  const client = dynamoClient()
  const clock = {
    now: Date.now,
    random: Math.random,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }
  const gateway = {
    endpoint: required(env.connectionsUrl),
    region: required('AWS_REGION'),
    credentials: defaultProvider(),
  }
  const rooms = required(env.roomsTable)
  const messages = required(env.messagesTable)
  const sessions = required(env.sessionsTable)
  const records = required(env.recordsTable)
  return {
    rooms: new DynamoRooms(client, clock, rooms, messages),
    roles: new DynamoGrants(client, clock, rooms),
    categories: new DynamoCategories(client, clock, rooms),
    people: new DynamoProfiles(client, clock, rooms),
    sessions: new DynamoSessions(client, clock, sessions, records),
    messages: new DynamoLog(client, clock, messages),
    records: new DynamoRecord(client, clock, records),
    directory: new DynamoDirectory(client, clock, { rooms, sessions }),
    invitations: new DynamoInvitations(client, clock, rooms),
    preferences: new DynamoPreferences(client, clock, rooms),
    connections: new ApiGatewayConnections(gateway, clock),
    clock,
    allowance: rateLimits(clock),
    joins: joinLimiter(clock),
    newId: randomUUID,
    settings: { domain: required(env.domain), adminGroup: required(env.adminGroup), epoch: required(env.epoch) },
    report: (fact) => console.log(JSON.stringify(fact)),
  }
}

/** The value of an environment variable that the deployment always sets. */
export function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(`The environment variable ${name} is not set.`)
}
