import type { PendingMessage } from './outbox.ts'
import type { BrowseQuery, HistoryQuery, PreferenceQuery, RecordQuery, RoomsQuery } from './requests.ts'
import type { ParticipantEvent } from './roster-state.ts'
import type { SendFailure } from './sender.ts'
import type { JoinResult } from './session-events.ts'

/** Names that exported types had in earlier versions, for programs that still import them. */

/** @deprecated Use `PendingMessage`. */
export type Draft = PendingMessage
/** @deprecated Use `ParticipantEvent`. */
export type Attendance = ParticipantEvent
/** @deprecated Use `JoinResult`. */
export type Joined = JoinResult
/** @deprecated Use `SendFailure`. */
export type Unsent = SendFailure
/** @deprecated Use `BrowseQuery`. */
export type BrowseQuestion = BrowseQuery
/** @deprecated Use `HistoryQuery`. */
export type HistoryQuestion = HistoryQuery
/** @deprecated Use `RoomsQuery`. */
export type RoomsQuestion = RoomsQuery
/** @deprecated Use `RecordQuery`. */
export type RecordQuestion = RecordQuery
/** @deprecated Use `PreferenceQuery`. */
export type PreferenceQuestion = PreferenceQuery
