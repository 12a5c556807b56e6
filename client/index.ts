export type { AbortSignalLike } from './abort.ts'
export { ChatClient, type ChatClientOptions, type ClientEvents } from './chat-client.ts'
export { type Clock, systemClock } from './clock.ts'
export type { ConnectionState, StateChange } from './connection-state.ts'
export type { Random } from './delays.ts'
export { displayedText, hostBeside, KnownNames } from './displayed.ts'
export type { Unsubscribe } from './emitter.ts'
export {
  ChatError,
  ConnectionError,
  type ConnectionErrorCode,
  type ErrorCode,
  type ErrorDetails,
  errorCodes,
  InvalidOperationError,
  SessionStateError,
} from './errors.ts'

export { FormattedMessage } from './formatted-message.ts'
export type * from './former-names.ts'
export { randomId } from './ids.ts'
export {
  type Emoticon,
  emoticons,
  type Message,
  type MessageBody,
  type MessagePart,
  type SendOptions,
} from './message.ts'
export type { PendingMessage } from './outbox.ts'
export type { KickReason, RoomChanges } from './pushes.ts'
export type * from './requests.ts'
export type { LogCounts } from './room-log.ts'
export type { RoomTarget } from './room-reference.ts'
export type { Participant, ParticipantEvent } from './roster-state.ts'
export type { SendFailure, Sent } from './sender.ts'
export type { Gap } from './sequence.ts'
export { ChatRoomSession } from './session.ts'
export type {
  JoinOptions,
  JoinResult,
  Reset,
  SessionEvents,
  SessionState,
  SessionStateChange,
} from './session-events.ts'
export { type Storage, webStorage } from './storage.ts'
export type { WebSocketConstructor, WebSocketLike } from './web-socket.ts'
