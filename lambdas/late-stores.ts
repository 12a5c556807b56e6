import { env } from './bindings.ts'
import { systemClock } from './clock.ts'
import type { Meter } from './domain/budget/meter.ts'
import { required } from './environment.ts'
import { dynamoClient } from './store/client.ts'
import { GuestRate } from './store/guest-rate.ts'
import { NamedGroups } from './store/named-groups.ts'

/** Stores that few handshakes need. The authorizer loads this file, with its DynamoDB client, when it is first needed. */
export function lateStores(meter: Meter): { groups: NamedGroups; guests: GuestRate } {
  const client = dynamoClient(meter)
  return {
    groups: new NamedGroups(client, systemClock, required(env.roomsTable)),
    guests: new GuestRate(client, systemClock, required(env.sessionsTable)),
  }
}
