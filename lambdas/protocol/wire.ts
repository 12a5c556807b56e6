/** What the server says. Times are RFC 3339 in UTC with milliseconds. */

export interface MessageFrame {
  roomId: string
  seq: number
  sentAt: string
  from?: { user: string; name: string }
  clientMessageId?: string
  text?: string
  parts?: unknown[] | undefined
  alert?: boolean | undefined
  title?: string | undefined
  rich?: { contentType: string; body: string } | undefined
  removed?: { by: string; at: string }
  /** A removal: whose messages are taken away, by whom, and what is said in their place. */
  removes?: number[]
  by?: string
  replacement?: string
}

export interface RoomFrame {
  roomId: string
  uri: string
  name: string
  description: string
  categoryId: string
  privacy: 'open' | 'closed' | 'secret'
  auditorium: boolean
  invitations: 'inherit' | 'off'
  disabled: boolean
  version: number
  createdAt: string
  createdBy: string
  updatedAt: string
  updatedBy: string
}

/** What a directory says of a room: enough to join it. */
export interface RoomCard {
  roomId: string
  uri: string
  name: string
  description: string
}

export interface InvitationFrame {
  invitationId: number
  room: RoomCard
  createdAt: string
}

export interface ParticipantFrame {
  user: string
  name: string
  isManager: boolean
  isPresenter: boolean
}

export type Push =
  | ({ type: 'message' } & MessageFrame)
  | { type: 'messages'; roomId: string; messages: MessageFrame[] }
  | { type: 'participant'; roomId: string; event: 'joined' | 'left' | 'changed'; user: ParticipantFrame }
  | { type: 'room'; roomId: string; version: number; changed: Record<string, { old: unknown; new: unknown }> }
  | { type: 'kicked'; roomId: string; reason: 'revoked' | 'disabled' | 'deleted' }
  | ({ type: 'invitation' } & InvitationFrame)
  | { type: 'goaway'; reason: string; reconnectInMs: number }

export interface ErrorFrame {
  code: string
  message: string
  retryable: boolean
  retryAfterMs?: number
  details?: object
}

/** The answer to a request; `id` is the request's own. */
export type Reply = { id?: string; ok: true; [field: string]: unknown } | { id?: string; ok: false; error: ErrorFrame }
