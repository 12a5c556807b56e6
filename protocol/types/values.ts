// Made from the schemas by `npm run contract`.

/** The holder of a grant. */
export type Principal = `user:${string}` | `group:${string}` | 'everyone'

export type Privacy = 'open' | 'closed' | 'secret'

export type InvitationSetting = 'inherit' | 'off'

export type Role = 'member' | 'manager' | 'presenter'

export type Match = 'any' | 'all' | 'phrase'

export type LogEnd = 'oldest' | 'newest'

export type Emoticon =
  | 'smile'
  | 'frown'
  | 'cool'
  | 'laughing'
  | 'shocked'
  | 'confused'
  | 'crying'
  | 'tongue'
  | 'wink'
  | 'angry'
  | 'kissing'

export type MessagePart =
  | {
      type: 'text'
      text: string
    }
  | {
      type: 'emoticon'
      emoticon: Emoticon
    }
  | {
      type: 'link'
      text: string
      href: string
    }
  | {
      type: 'roomLink'
      roomId: string
      name: string
    }

export interface RichText {
  contentType: string
  body: string
}

export type Permission = 'manage' | 'join' | 'chat' | 'read' | 'view'

export interface Room {
  roomId: string
  uri: string
  name: string
  description: string
  categoryId: string
  privacy: Privacy
  auditorium: boolean
  invitations: InvitationSetting
  disabled: boolean
  version: number
  createdAt: string
  createdBy: string
  updatedAt: string
  updatedBy: string
}

export interface RoomCard {
  roomId: string
  uri: string
  name: string
  description: string
}

export interface RoomSummary {
  roomId: string
  uri: string
  name: string
  description: string
  participantCount: number
  atLeast?: true
}

export interface Participant {
  user: string
  name: string
  isManager: boolean
  isPresenter: boolean
}

export interface Invitation {
  invitationId: number
  room: RoomCard
  createdAt: string
}

export interface Grant {
  role: Role
  principal: Principal
  createdAt: string
  createdBy: string
}

export interface PurgedGrant {
  role: Role
  principal: Principal
}

export interface Rights {
  roles: Role[]
  canChat: boolean
  canManage: boolean
}

export interface RecordEntry {
  at: string
  event:
    | 'said'
    | 'joined'
    | 'left'
    | 'searched'
    | 'granted'
    | 'revoked'
    | 'removed'
    | 'purged'
    | 'suspended'
    | 'unsuspended'
    | 'disconnected'
    | 'deleted'
    | 'retention'
    | 'held'
    | 'released'
    | 'erased'
    | 'created'
    | 'renamed'
    | 'opened'
    | 'closed'
    | 'moved'
    | 'disabled'
    | 'enabled'
    | 'changed'
    | 'categoryCreated'
    | 'categoryChanged'
    | 'categoryDeleted'
    | 'read'
    | 'connected'
  by: string
  roomId?: string
  details?: Record<string, unknown>
}

export interface Suspension {
  user: string
  until?: string
  since: string
  by: string
  reason?: string
}

export interface ErasureJob {
  id: string
  messages: 'remove' | 'keep'
  state: 'running' | 'done'
  startedAt: string
  progress: {
    rooms: number
    messages: number
    roles: number
  }
  left?: string[]
}

export interface CategoryCard {
  categoryId: string
  name: string
  description: string
  invitations: boolean
  history: boolean
  files: boolean
}

export interface FullCategory {
  categoryId: string
  name: string
  description: string
  invitations: boolean
  history: boolean
  files: boolean
  allowed: Principal[]
  denied: Principal[]
  creators: Principal[]
  version: number
  createdAt: string
  createdBy: string
  updatedAt: string
  updatedBy: string
}

export interface Author {
  user: string
  name: string
  app?: true
}

export interface SaidMessage {
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
}

export interface RemovedMessage {
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
}

export interface Removal {
  roomId: string
  seq: number
  sentAt: string
  removes: number[]
  by: string
  replacement?: string
}

export interface Erasure {
  roomId: string
  seq: number
  sentAt: string
  removes: number[]
  by: string
  removesOf: string
  upTo: number
}
