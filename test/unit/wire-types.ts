import type * as z from 'zod/mini'
import type { Reason } from '../../lambdas/domain/errors.ts'
import type { errors } from '../../lambdas/protocol/replies/errors.ts'
import type { message } from '../../lambdas/protocol/replies/messages.ts'
import type { pushes } from '../../lambdas/protocol/replies/pushes.ts'
import type * as things from '../../lambdas/protocol/replies/things.ts'
import type * as wire from '../../lambdas/protocol/wire.ts'

/** Fields that are left out are not there; the schemas' types let them be undefined as well. */
type Plain<Value> = Value extends object ? { [Name in keyof Value]: Plain<Exclude<Value[Name], undefined>> } : Value
type Said<Schema extends z.ZodMiniType> = Plain<z.output<Schema>>
type Names<Union> = Union extends unknown ? keyof Union : never

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false

/** The schema allows nothing that the type does not, and both have the same fields. */
type Agree<Written, Schema extends z.ZodMiniType> = [Said<Schema>] extends [Written]
  ? Same<keyof Written, Names<Said<Schema>>>
  : false

type Pushed<Type> = Extract<wire.Push, { type: Type }>

/** What does not hold is no `true`, and the compiler says so. */
type Held = [
  Agree<wire.MessageFrame, typeof message>,
  Agree<wire.RoomFrame, typeof things.room>,
  Agree<wire.RoomCard, typeof things.roomCard>,
  Agree<wire.InvitationFrame, typeof things.invitation>,
  Agree<wire.ParticipantFrame, typeof things.participant>,
  Agree<wire.ErrorFrame, (typeof errors)['conflict' | 'unavailable']>,
  [Said<(typeof errors)[keyof typeof errors]>] extends [wire.ErrorFrame] ? true : false,
  Agree<Pushed<'message'>, (typeof pushes)['message']>,
  Agree<Pushed<'messages'>, (typeof pushes)['messages']>,
  Agree<Pushed<'participant'>, (typeof pushes)['participant']>,
  Agree<Pushed<'room'>, (typeof pushes)['room']>,
  Agree<Pushed<'kicked'>, (typeof pushes)['kicked']>,
  Agree<Pushed<'invitation'>, (typeof pushes)['invitation']>,
  Agree<Pushed<'goaway'>, (typeof pushes)['goaway']>,
  Same<keyof typeof errors, Reason | 'internal'>,
  Same<keyof typeof pushes, wire.Push['type']>,
]
/** Shown to the compiler, which compares; it is of no use at run time. */
export const held: Held = [
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
  true,
]
