import type { Counts } from './counts.ts'
import type { Month } from './month.ts'
import { charge } from './price.ts'
import { alternativePrices as list } from './prices.ts'
import type { Workload } from './workload.ts'

export interface Alternative {
  name: string
  usd: number
  /** The metered quantities. */
  meters: string
  date: string
  sources: readonly string[]
}

const unitBytes = 5 * 1024

/** The same messages delivered by other services, at list prices without allowances. Those have no log, no rooms and no roles. */
export function alternativesTo(counts: Counts, { bytes }: Workload, month: Month): Alternative[] {
  const { messages, deliveries, connections, roomsEach, usage } = month
  const units = Math.ceil((counts.messageBytes + bytes) / unitBytes)
  const operations = (messages + deliveries) * units + connections * (1 + roomsEach)
  const minutes = usage.connectionMinutes
  const of = (price: keyof typeof list, quantity: number) => charge(list[price], quantity, 'off')
  const sourced = (...names: (keyof typeof list)[]) => ({
    date: list[names[0] ?? 'iotMessages'].date,
    sources: [...new Set(names.map((name) => list[name].source))],
  })
  return [
    {
      name: 'AppSync Events',
      usd: of('appSyncOperations', operations) + of('appSyncMinutes', minutes),
      meters:
        'publish, deliveries, connect and subscribe in units of 5 KB; minutes. Handlers and pings would come on top.',
      ...sourced('appSyncOperations', 'appSyncMinutes'),
    },
    {
      name: 'IoT Core, MQTT at most once',
      usd: of('iotMessages', operations) + of('iotMinutes', minutes),
      meters:
        'publish, deliveries, connect and subscribe in units of 5 KB; minutes; pings are free. At least once, each delivery counts twice.',
      ...sourced('iotMessages', 'iotMinutes'),
    },
    {
      name: 'IVS Chat',
      usd: of('ivsSent', messages) + of('ivsDelivered', deliveries),
      meters:
        'messages sent and delivered; no charge for connections. The price is of 2022 and was not found confirmed since.',
      ...sourced('ivsSent', 'ivsDelivered'),
    },
  ]
}

/** Services without a quote, with the reason. */
export const unquoted = ['Chime SDK messaging: no public source of its price could be found.']
