// Made from the schemas by `npm run contract`.

import type {
  Author,
  Erasure,
  InvitationSetting,
  MessagePart,
  Participant,
  Privacy,
  Removal,
  RemovedMessage,
  RichText,
  RoomCard,
  SaidMessage,
} from './values.ts'

/** The pushes of the server, by `type`. */
export interface Pushes {
  message:
    | {
        roomId: string
        seq: number
        sentAt: string
        from: Author
        clientMessageId?: string
        text: string
        parts?: MessagePart[]
        alert?: boolean
        title?: string
        rich?: RichText
        type: 'message'
      }
    | {
        roomId: string
        seq: number
        sentAt: string
        from: Author
        clientMessageId?: string
        text?: string
        removed: {
          by: string
          at: string
        }
        type: 'message'
      }
    | {
        roomId: string
        seq: number
        sentAt: string
        removes: number[]
        by: string
        replacement?: string
        type: 'message'
      }
    | {
        roomId: string
        seq: number
        sentAt: string
        removes: number[]
        by: string
        removesOf: string
        upTo: number
        type: 'message'
      }
  messages: {
    type: 'messages'
    roomId: string
    messages: (SaidMessage | RemovedMessage | Removal | Erasure)[]
  }
  participant: {
    type: 'participant'
    roomId: string
    event: 'joined' | 'left' | 'changed'
    user: Participant
  }
  room: {
    type: 'room'
    roomId: string
    version: number
    changed: {
      name?: {
        old: string
        new: string
      }
      description?: {
        old: string
        new: string
      }
      categoryId?: {
        old: string
        new: string
      }
      privacy?: {
        old: Privacy
        new: Privacy
      }
      auditorium?: {
        old: boolean
        new: boolean
      }
      invitations?: {
        old: InvitationSetting
        new: InvitationSetting
      }
      disabled?: {
        old: boolean
        new: boolean
      }
    }
  }
  kicked: {
    type: 'kicked'
    roomId: string
    reason: 'revoked' | 'disabled' | 'deleted'
  }
  invitation: {
    invitationId: number
    room: RoomCard
    createdAt: string
    type: 'invitation'
  }
  goaway: {
    type: 'goaway'
    reason: string
    reconnectInMs: number
  }
}
