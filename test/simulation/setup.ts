import type { RefusalDetails } from '../../lambdas/domain/errors.ts'
import type { MessageDraft } from '../../lambdas/domain/log/append.ts'
import type { Chance } from './chance.ts'
import type { Tally } from './counts.ts'
import type { Weather } from './faults.ts'
import type { History } from './history.ts'
import type { RoomTable } from './room-table.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What a client does wrong on purpose. */
export interface Misconduct {
  /** A client that chooses a later `after` when it sends again. */
  movesAfter?: boolean
  /** A client told to resync that starts over at the head. */
  resyncsBlindly?: boolean
}

export type Reply =
  | { kind: 'stored'; seq: number }
  | { kind: 'refused'; code: string; retryAfterMs: number | undefined; details: RefusalDetails | undefined }
  | { kind: 'failed' }
  | { kind: 'silence' }

/** What authors, invocations and wires see of the room they are in. */
export interface Scene {
  readonly time: VirtualTime
  readonly table: RoomTable
  readonly history: History
  readonly tally: Tally
  readonly weather: Weather
  readonly chance: Chance
  readonly fault: Misconduct | undefined
  nextToken(): number
  note(line: () => string): void
  ask(draft: MessageDraft, attempt: number): Promise<Reply>
}
