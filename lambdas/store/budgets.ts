import { timeToLive } from '../bindings.ts'
import type { Spending } from '../domain/budget/spending.ts'
import type { BudgetStore } from '../domain/budget/user-budget.ts'
import { windowMs } from '../domain/budget/window.ts'
import type { Clock } from '../domain/clock.ts'
import { type Key, keys } from './keys.ts'
import { type DynamoCall, jsonKey } from './small-client.ts'

type Attributes = { [name: string]: { N: string } }

const attributes = ['units', 'messages', 'bad', 'refused'] as const satisfies readonly (keyof Spending)[]

/** Windows are looked up during the next one, and items may be removed long after their time. */
const keptMs = 10 * windowMs

/** The spending of users in each window, and the users who are shut out. Only users who spend much have items. */
export class DynamoBudgets implements BudgetStore {
  readonly #call: DynamoCall
  readonly #clock: Pick<Clock, 'now'>
  readonly #table: string

  constructor(call: DynamoCall, clock: Pick<Clock, 'now'>, tableName: string) {
    this.#call = call
    this.#clock = clock
    this.#table = tableName
  }

  async add(user: string, window: number, spent: Spending): Promise<Spending> {
    const names = attributes.map((name, index) => [`#${index}`, name] as const)
    const values = attributes.map((name, index) => [`:${index}`, number(Math.round(spent[name]))] as const)
    const { Attributes } = await this.#call('UpdateItem', {
      ...this.#item(keys.spending(user, window)),
      UpdateExpression: `SET ${timeToLive} = :end ADD ${attributes.map((_, index) => `#${index} :${index}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names),
      ExpressionAttributeValues: { ':end': this.#endOf(this.#clock.now() + keptMs), ...Object.fromEntries(values) },
      ReturnValues: 'ALL_NEW',
    })
    return toSpending(Attributes as Attributes | undefined)
  }

  async spent(user: string, window: number): Promise<Spending> {
    return toSpending(await this.#read(keys.spending(user, window)))
  }

  async shutOut(user: string, until: number): Promise<void> {
    await this.#call('UpdateItem', {
      ...this.#item(keys.shutOut(user)),
      UpdateExpression: `SET endsAt = :until, ${timeToLive} = :end`,
      ExpressionAttributeValues: { ':until': number(until), ':end': this.#endOf(until) },
    })
  }

  async shutOutUntil(user: string): Promise<number> {
    return Number((await this.#read(keys.shutOut(user)))?.endsAt?.N ?? 0)
  }

  async #read(of: Key): Promise<Attributes | undefined> {
    const { Item } = await this.#call('GetItem', this.#item(of))
    return Item as Attributes | undefined
  }

  #item(of: Key) {
    return { TableName: this.#table, Key: jsonKey(of) }
  }

  #endOf(ms: number) {
    return number(Math.ceil(ms / 1000))
  }
}

const number = (value: number) => ({ N: String(value) })

const toSpending = (found: Attributes | undefined): Spending => {
  const value = (name: keyof Spending) => Number(found?.[name]?.N ?? 0)
  return { units: value('units'), messages: value('messages'), bad: value('bad'), refused: value('refused') }
}
