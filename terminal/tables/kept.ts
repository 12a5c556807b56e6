import { index, key, logKey } from '../../lambdas/bindings.ts'

/** The tables that hold what lasts. Those of sessions and budgets are made new by every deployment. */
export const kinds = ['rooms', 'messages', 'records'] as const
export type Kind = (typeof kinds)[number]
export type TableNames = Readonly<Record<Kind, string>>

/** What the functions rely on in a table. */
export interface Shape {
  /** The key of the table, as `pk S, sk S`. */
  key: string
  /** The keys of its indexes, by name. */
  indexes: Readonly<Record<string, string>>
  /** What its stream holds; undefined for a table that needs none. */
  stream: 'NEW_IMAGE' | undefined
}

const texts = (partition: string, sort: string) => `${partition} S, ${sort} S`

/** The same as in infra/tables.ts; a test compares them. */
export const shapes: Readonly<Record<Kind, Shape>> = {
  rooms: {
    key: texts(key.partition, key.sort),
    indexes: {
      [index.byCategory.name]: texts(index.byCategory.partition, key.partition),
      [index.byPrincipal.name]: texts(index.byPrincipal.partition, key.partition),
    },
    stream: undefined,
  },
  messages: { key: `${logKey.partition} S, ${logKey.sort} N`, indexes: {}, stream: 'NEW_IMAGE' },
  records: { key: texts(key.partition, key.sort), indexes: {}, stream: undefined },
}

/** One value for each kind of table. */
export const forEachKind = async <Value>(
  make: (kind: Kind) => Promise<Value> | Value,
): Promise<Record<Kind, Value>> => {
  const [rooms, messages, records] = await Promise.all([make('rooms'), make('messages'), make('records')])
  return { rooms, messages, records }
}
