import { randomUUID } from 'node:crypto'
import type { App } from './app.ts'
import { GatewayConnections } from './aws/connections.ts'
import { defaultProvider } from './aws/credentials.ts'
import { env } from './bindings.ts'
import { allowance, joins } from './budgets.ts'
import { DynamoCategories } from './store/categories.ts'
import { dynamo } from './store/client.ts'
import { DynamoDirectory } from './store/directory.ts'
import { DynamoRoles } from './store/grants.ts'
import { DynamoInvitations } from './store/invitations.ts'
import { DynamoMessages } from './store/log.ts'
import { DynamoPreferences } from './store/preferences.ts'
import { DynamoPeople } from './store/profiles.ts'
import { DynamoRecords } from './store/record.ts'
import { DynamoRooms } from './store/rooms.ts'
import { DynamoSessions } from './store/sessions.ts'

/** Builds the app from the environment, once per cold start. */
export function start(): App {
  const client = dynamo()
  const pace = {
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
    rooms: new DynamoRooms(client, pace, rooms, messages),
    roles: new DynamoRoles(client, pace, rooms),
    categories: new DynamoCategories(client, pace, rooms),
    people: new DynamoPeople(client, pace, rooms),
    sessions: new DynamoSessions(client, pace, sessions, records),
    messages: new DynamoMessages(client, pace, messages),
    records: new DynamoRecords(client, pace, records),
    directory: new DynamoDirectory(client, pace, { rooms, sessions }),
    invitations: new DynamoInvitations(client, pace, rooms),
    preferences: new DynamoPreferences(client, pace, rooms),
    connections: new GatewayConnections(gateway, pace),
    pace,
    allowance: allowance(pace),
    joins: joins(pace),
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
