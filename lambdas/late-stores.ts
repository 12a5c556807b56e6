import { env } from './bindings.ts'
import { systemClock } from './clock.ts'
import { required } from './environment.ts'
import { dynamoClient } from './store/client.ts'
import { GuestRate } from './store/guest-rate.ts'
import { NamedGroups } from './store/named-groups.ts'

/** Stores that few handshakes need. The authorizer loads this file, with its DynamoDB client, when it is first needed. */
const client = dynamoClient()

export const groups = new NamedGroups(client, systemClock, required(env.roomsTable))
export const guests = new GuestRate(client, systemClock, required(env.sessionsTable))
