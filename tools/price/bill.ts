import type { Month } from './month.ts'
import { charge, type FreeTier } from './price.ts'
import { type Priced, prices } from './prices.ts'

export interface BillLine {
  name: string
  price: Priced
  quantity: number
  unit: string
  usd: number
}

export interface Bill {
  lines: BillLine[]
  usd: number
}

const gigabyte = 1024 ** 3

/** The bill of one month in US dollars. */
export function billOf({ usage, storedBytes }: Month, tier: FreeTier): Bill {
  const frames = usage.framesIn + usage.framesOut
  const line = (name: string, price: Priced, quantity: number, share = 1): BillLine => ({
    name,
    price,
    quantity: quantity * share,
    unit: prices[price].unit,
    usd: charge(prices[price], quantity, tier) * share,
  })
  // Frames in and out count together towards the steps of the price.
  const inShare = frames === 0 ? 0 : usage.framesIn / frames
  const logged = usage.logBytes / gigabyte
  const stored = storedBytes / gigabyte
  const lines = [
    line('API Gateway, frames in', 'apiMessages', frames, inShare),
    line('API Gateway, frames out', 'apiMessages', frames, 1 - inShare),
    line('API Gateway, open connections', 'connectionMinutes', usage.connectionMinutes),
    line('Lambda, requests', 'invocations', usage.invocations),
    line('Lambda, time', 'gigabyteSeconds', usage.gigabyteSeconds),
    line('DynamoDB, writes', 'writeUnits', usage.writeUnits),
    line('DynamoDB, reads', 'readUnits', usage.readUnits),
    line('DynamoDB, stored', 'storedGigabytes', stored),
    line('DynamoDB, backup', 'backedUpGigabytes', stored),
    line('Logs, taken in', 'loggedGigabytes', logged),
    line('Logs, kept a month', 'keptLogGigabytes', logged),
    line('Data out', 'sentGigabytes', usage.sentBytes / gigabyte),
  ]
  return { lines, usd: totalOf(lines) }
}

const totalOf = (lines: readonly BillLine[]): number => lines.reduce((total, { usd }) => total + usd, 0)

/** The part that remains without any use. */
export const keptUsd = ({ lines }: Bill): number =>
  totalOf(lines.filter(({ price }) => price === 'storedGigabytes' || price === 'backedUpGigabytes'))
