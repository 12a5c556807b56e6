import type { RefusalDetails } from '../../lambdas/domain/errors.ts'
import type { MessageDraft } from '../../lambdas/domain/log/append.ts'
import type { Chance } from './chance.ts'
import type { Counts } from './counts.ts'
import type { FaultPlan } from './faults.ts'
import type { History } from './history.ts'
import type { RoomTable } from './room-table.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Mistakes that a client makes on purpose. */
export interface ClientFault {
  /** Repeats a message with a later `after`. */
  movesAfter?: boolean
  /** Resyncs by starting at the head. */
  resyncsBlindly?: boolean
}

export type Reply =
  | { kind: 'stored'; seq: number }
  | { kind: 'refused'; code: string; retryAfterMs: number | undefined; details: RefusalDetails | undefined }
  | { kind: 'failed' }
  | { kind: 'silence' }

/** The parts of a room that its authors, invocations and wires use. */
export interface Setup {
  readonly time: VirtualTime
  readonly table: RoomTable
  readonly history: History
  readonly counts: Counts
  readonly plan: FaultPlan
  readonly chance: Chance
  readonly fault: ClientFault | undefined
  nextToken(): number
  note(line: () => string): void
  ask(draft: MessageDraft, attempt: number): Promise<Reply>
}
