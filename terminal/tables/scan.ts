import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { calling } from './failures.ts'
import type { Item } from './item.ts'
import type { Rate } from './rate.ts'

/** One of the parts into which a table is split, which are read side by side. */
export interface Segment {
  number: number
  of: number
}

export interface Page {
  items: Item[]
  /** The key behind which the next page begins; undefined after the last page. */
  next: Item | undefined
}

/** The pages of a segment, from a key on. All items of one partition are in one segment, in the order of their keys. */
export async function* pagesOf(
  database: Pick<DynamoDBClient, 'send'>,
  TableName: string,
  { number, of }: Segment,
  rate: Rate,
  from?: Item,
): AsyncGenerator<Page> {
  let next = from
  do {
    const start = next
    const page = await calling('Scan', TableName, () =>
      database.send(
        new ScanCommand({
          TableName,
          Segment: number,
          TotalSegments: of,
          ConsistentRead: true,
          ReturnConsumedCapacity: 'TOTAL',
          ...(start && { ExclusiveStartKey: start }),
        }),
      ),
    )
    await rate.used(page.ConsumedCapacity?.CapacityUnits ?? 0)
    next = page.LastEvaluatedKey
    yield { items: page.Items ?? [], next }
  } while (next !== undefined)
}

/** Hands every page of a table to `take`. Pages of one segment come in their order, those of others in between. */
export async function scanAll(
  database: Pick<DynamoDBClient, 'send'>,
  table: string,
  { segments, rate }: { segments: number; rate: Rate },
  take: (items: Item[]) => void,
): Promise<void> {
  await Promise.all(
    Array.from({ length: segments }, async (_, number) => {
      for await (const { items } of pagesOf(database, table, { number, of: segments }, rate)) take(items)
    }),
  )
}
