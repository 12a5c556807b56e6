import { randomBytes, randomUUID } from 'node:crypto'
import type { App, BaseApp, StoreName } from './app.ts'
import { ApiGatewayConnections } from './aws/connections.ts'
import { defaultProvider } from './aws/credentials.ts'
import type { SocketEvent, SocketResult } from './aws/socket-event.ts'
import { defaultQuotas, env } from './bindings.ts'
import { joinLimiter, rateLimits, userLimits } from './budgets.ts'
import { systemClock } from './clock.ts'
import { Meter } from './domain/budget/meter.ts'
import type { QuotaLimits } from './domain/budget/quotas.ts'
import { UserBudget } from './domain/budget/user-budget.ts'
import { required } from './environment.ts'
import { requestLog } from './request-log.ts'
import type { Handler } from './route.ts'
import { DynamoBudgets } from './store/budgets.ts'
import { storedCursorKey } from './store/cursor-key.ts'
import { dynamoEndpoint, smallClient } from './store/small-client.ts'
import type { StoreMaker } from './stores.ts'

type StoreMakers<Used extends StoreName> = { [Name in Used]: StoreMaker<Name> }

/**
 * Returns the entry point of a function that serves routes, by route key. It makes the stores when the function starts.
 * The compiler checks that they include all stores of the routes.
 */
export function serve<Used extends StoreName>(
  stores: StoreMakers<Used>,
  routes: Record<string, Handler<NoInfer<Used>>>,
): (event: SocketEvent) => Promise<SocketResult> {
  const app = buildApp(stores)
  const table = new Map(Object.entries(routes))
  return async (event) => {
    const handler = table.get(event.requestContext.routeKey)
    if (!handler) throw new Error(`This function does not answer ${event.requestContext.routeKey}.`)
    return handler(app, event)
  }
}

/** Builds the app from the environment when a function starts, with only these stores. */
export function buildApp<Used extends StoreName>(stores: StoreMakers<Used>): App<Used> {
  const clock = systemClock
  const [meter, log] = [new Meter(), requestLog(clock.now)]
  const quotas: QuotaLimits = { ...defaultQuotas, ...JSON.parse(required(env.quotas)) }
  const aws = { region: required('AWS_REGION'), credentials: defaultProvider() }
  const call = smallClient({ endpoint: dynamoEndpoint(aws.region), ...aws, now: clock.now })
  const budgetsTable = required(env.budgetsTable)
  const base: BaseApp = {
    connections: new ApiGatewayConnections({ endpoint: required(env.connectionsUrl), ...aws }, clock, meter),
    clock,
    meter,
    budget: new UserBudget(userLimits(quotas), {
      clock,
      store: new DynamoBudgets(call, clock, budgetsTable),
      onError: (error) => log.note({ budget: 'unknown' }, error),
    }),
    rateLimits: rateLimits(clock),
    joinLimiter: joinLimiter(clock),
    cursorKey: storedCursorKey(call, budgetsTable, () => randomBytes(32)),
    newId: randomUUID,
    settings: {
      domain: required(env.domain),
      adminGroup: required(env.adminGroup),
      epoch: required(env.epoch),
      quotas,
      recordAddresses: process.env[env.recordAddresses] === 'true',
    },
    metrics: log,
    note: (fact, error) => log.note(fact, error),
    report: (line, error) => log.report(line, error),
  }
  const makers = Object.entries(stores) as [StoreName, StoreMaker<StoreName>][]
  return Object.assign(base, Object.fromEntries(makers.map(([name, make]) => [name, make(clock, meter)]))) as App<Used>
}
