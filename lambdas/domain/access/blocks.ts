import { type QuotaPorts, tooMany } from '../budget/quotas.ts'
import { Refusal } from '../errors.ts'
import { isGuest } from './principals.ts'

/** Users block invitations of other users. Only the user who blocks knows it. */
export interface BlockStore {
  /** Of these users, those who block the other user. */
  blocking(users: readonly string[], other: string): Promise<Set<string>>
  /** The users whom the user blocks, in any order. */
  list(user: string): Promise<string[]>
  add(user: string, other: string, now: number): Promise<void>
  remove(user: string, other: string): Promise<void>
}

/** Blocks another user. A guest cannot block. Concurrent calls may exceed the limit by one each. */
export async function blockUser(
  { blocks, settings }: { blocks: BlockStore } & Pick<QuotaPorts, 'settings'>,
  user: string,
  other: string,
  now: number,
): Promise<void> {
  if (isGuest(user)) throw new Refusal('forbidden', 'A guest cannot block users.')
  if (other === user) throw new Refusal('invalid', 'A user cannot block themselves.', { details: { field: 'user' } })
  const blocked = await blocks.list(user)
  if (blocked.includes(other)) return
  const most = settings.quotas.blocksPerUser
  if (blocked.length >= most) throw tooMany('blocksPerUser', `${most} blocked users`)
  await blocks.add(user, other, now)
}
