import type * as z from 'zod/mini'
import type * as client from '../../client/index.ts'
import type { Reason } from '../../lambdas/domain/errors.ts'
import type * as frames from '../../lambdas/protocol/frames.ts'

/** The words of the client are those of the server. What their types say is compared by the compiler. */

type Input<Schema extends z.ZodMiniType> = z.input<Schema>

/** Whatever `Given` allows has to be allowed by `Taken` too. Lists that the client only reads may be read-only. */
type Loose<Value> = Value extends readonly (infer Item)[]
  ? Loose<Item>[]
  : Value extends object
    ? { -readonly [Field in keyof Value]: Loose<Value[Field]> }
    : Value
type Accepts<Taken, Given> = Loose<Given> extends Taken ? true : never
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never

/** Shown to the compiler; it is of no use at run time. */
export const accepted: [
  Accepts<Input<typeof frames.createRoom>, client.NewRoom>,
  Accepts<Input<typeof frames.updateRoom>, client.RoomUpdate>,
  Accepts<Input<typeof frames.grant>, client.RoleChange>,
  Accepts<Input<typeof frames.browse>, client.BrowseQuestion>,
  Accepts<Input<typeof frames.createCategory>, client.NewCategory>,
  Accepts<Input<typeof frames.updateCategory>, client.CategoryUpdate>,
  Accepts<Input<typeof frames.history>, client.HistoryQuestion>,
  Accepts<Input<typeof frames.removeMessages>, client.Removal>,
  Accepts<Input<typeof frames.preference>, client.PreferenceQuestion>,
  Accepts<Input<typeof frames.send>, client.MessageBody & { roomId: string }>,
  Accepts<Input<typeof frames.getRoom>, client.RoomReference>,
  Same<client.ErrorCode, Reason | 'internal'>,
] = [true, true, true, true, true, true, true, true, true, true, true, true]
