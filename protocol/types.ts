/**
 * The frames of the wire as types: requests, replies, pushes and errors by name. Times are RFC 3339 in UTC with
 * milliseconds, positions whole numbers. This file is made from the schemas by `npm run contract`.
 */

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
  event: 'said' | 'joined' | 'left' | 'searched' | 'granted' | 'revoked' | 'removed' | 'purged'
  by: string
  details?: Record<string, unknown>
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

/** The fields of each request, beside `action` and `id`. */
export interface Requests {
  browse: {
    criteria?:
      | {
          text: string
          match?: Match | undefined
          inDescription?: boolean | undefined
        }
      | undefined
    mine?: true | undefined
    managed?: true | undefined
    joinedBy?: string | undefined
    invitedAfter?: number | undefined
    categoryId?: string | undefined
    privacy?: Privacy | undefined
    auditorium?: boolean | undefined
    disabled?: boolean | undefined
    limit?: number | undefined
    cursor?: string | undefined
  }
  categories: {
    creatable?: true | undefined
    cursor?: string | undefined
  }
  createCategory: {
    name: string
    description?: string | undefined
    allowed?: readonly Principal[] | undefined
    denied?: readonly Principal[] | undefined
    creators?: readonly Principal[] | undefined
    invitations?: boolean | undefined
    history?: boolean | undefined
    files?: boolean | undefined
  }
  createRoom: {
    name: string
    categoryId?: string | undefined
    description?: string | undefined
    privacy?: Privacy | undefined
    auditorium?: boolean | undefined
    invitations?: InvitationSetting | undefined
    clientRoomId?: string | undefined
  }
  deleteCategory: {
    categoryId: string
  }
  deleteRoom: {
    roomId: string
  }
  getRoom: {
    roomId?: string | undefined
    roomUri?: string | undefined
    roomName?: string | undefined
  }
  grant: {
    roomId: string
    role: Role
    principals: readonly Principal[]
  }
  hello: object
  history: {
    roomId?: string | undefined
    roomIds?: readonly string[] | undefined
    after?: number | undefined
    before?: number | undefined
    from?: string | undefined
    to?: string | undefined
    authors?: readonly string[] | undefined
    search?: string | undefined
    match?: Match | undefined
    matchCase?: boolean | undefined
    order?: LogEnd | undefined
    sort?: LogEnd | undefined
    limit?: number | undefined
    cursor?: string | undefined
  }
  invitations: {
    after?: number | undefined
  }
  join: {
    roomId?: string | undefined
    roomUri?: string | undefined
    roomName?: string | undefined
    after?: number | undefined
    limit?: number | undefined
  }
  leave: {
    roomId: string
  }
  moveRoom: {
    roomId: string
    categoryId: string
  }
  participants: {
    roomId: string
    cursor?: string | undefined
  }
  ping: object
  preference: {
    label: string
    data?: string | undefined
    knownVersion?: number | undefined
  }
  purge: {
    roomId: string
    before: string
  }
  record: {
    roomId: string
    from?: string | undefined
    to?: string | undefined
    cursor?: string | undefined
  }
  removeMessages: {
    roomId: string
    seqs?: readonly number[] | undefined
    from?: string | undefined
    to?: string | undefined
    authors?: readonly string[] | undefined
    search?: string | undefined
    match?: Match | undefined
    replacement?: string | undefined
    cursor?: string | undefined
  }
  revoke: {
    roomId: string
    role: Role
    principals: readonly Principal[]
  }
  roles: {
    roomId: string
    role?: Role | undefined
    cursor?: string | undefined
  }
  send: {
    roomId: string
    text: string
    clientMessageId?: string | undefined
    after?: number | undefined
    parts?: readonly MessagePart[] | undefined
    alert?: boolean | undefined
    title?: string | undefined
    rich?: RichText | undefined
    ifHead?: number | undefined
  }
  sync: {
    rooms: Record<string, number>
  }
  updateCategory: {
    categoryId: string
    version: number
    name?: string | undefined
    description?: string | undefined
    allowed?: readonly Principal[] | undefined
    denied?: readonly Principal[] | undefined
    creators?: readonly Principal[] | undefined
    invitations?: boolean | undefined
    history?: boolean | undefined
    files?: boolean | undefined
  }
  updateRoom: {
    roomId: string
    version: number
    name?: string | undefined
    description?: string | undefined
    privacy?: Privacy | undefined
    auditorium?: boolean | undefined
    invitations?: InvitationSetting | undefined
    disabled?: boolean | undefined
    members?: readonly Principal[] | undefined
    managers?: readonly Principal[] | undefined
    presenters?: readonly Principal[] | undefined
  }
}

/** The fields of each reply, beside `id` and `ok`. */
export interface Replies {
  ping: object
  hello: {
    connectionId: string
    user: string
    name: string
    limits: {
      frameBytes: number
      textBytes: number
      storyBytes: number
      richBytes: number
      messageBytes: number
      titleCharacters: number
      parts: number
      nameCharacters: number
      descriptionCharacters: number
      idCharacters: number
      historyMessages: number
      historyRooms: number
      joinMessages: number
      resumeMessages: number
      roomsPerConnection: number
      connectionsPerUser: number
      principalsPerRequest: number
      browseRooms: number
      searchCharacters: number
      preferenceBytes: number
      messagesPerSecondPerRoom: number
      messageBurstPerRoom: number
      messagesPerSecondPerAuthor: number
      messageBurstPerAuthor: number
      joinsPerSecondPerConnection: number
      joinBurstPerConnection: number
      announcedParticipants: number
    }
    maxAgeSeconds: number
    idleSeconds: number
    serverTime: string
    protocol: string
    features: string[]
  }
  join: {
    room: Room
    you: Rights
    participants?: Participant[]
    participantCount?: number
    messages: (SaidMessage | RemovedMessage | Removal)[]
    head: number
    floor: number
    epoch: string
    complete: boolean
  }
  leave: object
  send: {
    message: SaidMessage | RemovedMessage | Removal
    duplicate: boolean
  }
  history:
    | {
        messages: (SaidMessage | RemovedMessage | Removal)[]
        cursor?: string
        head: number
        floor: number
        exceeded: boolean
        searchedTo?: number
        epoch: string
      }
    | {
        rooms: {
          roomId: string
          messages: (SaidMessage | RemovedMessage | Removal)[]
          cursor?: string
          head: number
          floor: number
          exceeded: boolean
          searchedTo?: number
        }[]
        epoch: string
      }
  participants: {
    participants: Participant[]
    participantCount: number
    cursor?: string
  }
  sync: {
    rooms: Record<
      string,
      {
        head: number
        floor: number
      }
    >
    notJoined?: string[]
  }
  createRoom: {
    room: Room
  }
  getRoom: {
    room: Room
    permissions: Permission[]
  }
  updateRoom: {
    room: Room
  }
  moveRoom: {
    room: Room
    purged: PurgedGrant[]
    purgedCount: number
  }
  deleteRoom: object
  browse: {
    rooms: RoomSummary[]
    cursor?: string
    last?: number
  }
  categories: {
    categories: (FullCategory | CategoryCard)[]
    cursor?: string
  }
  createCategory: {
    category: FullCategory
  }
  updateCategory: {
    category: FullCategory
  }
  deleteCategory: object
  grant: {
    changed: Principal[]
  }
  revoke: {
    changed: Principal[]
  }
  roles: {
    grants: Grant[]
    cursor?: string
  }
  invitations: {
    invitations: Invitation[]
    last: number
  }
  preference: {
    version: number
    data?: string
  }
  removeMessages: {
    removed: number
    cursor?: string
  }
  purge: {
    floor: number
    complete: boolean
  }
  record: {
    entries: RecordEntry[]
    cursor?: string
  }
}

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
  messages: {
    type: 'messages'
    roomId: string
    messages: (SaidMessage | RemovedMessage | Removal)[]
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

/** The errors of refused requests, by code. */
export interface Errors {
  invalid: {
    code: 'invalid'
    message: string
    retryable: false
    details?: {
      field: string
    }
  }
  not_found: {
    code: 'not_found'
    message: string
    retryable: false
    details?: {
      field: string
    }
  }
  forbidden: {
    code: 'forbidden'
    message: string
    retryable: false
    details?:
      | {
          field: string
        }
      | {
          reason: 'token_expired'
        }
  }
  room_disabled: {
    code: 'room_disabled'
    message: string
    retryable: false
    details?: {
      field: string
    }
  }
  not_joined: {
    code: 'not_joined'
    message: string
    retryable: false
  }
  conflict: {
    code: 'conflict'
    message: string
    retryable: false
    details?:
      | {
          head: number
        }
      | {
          version: number
        }
  }
  duplicate_name: {
    code: 'duplicate_name'
    message: string
    retryable: false
  }
  resync_required: {
    code: 'resync_required'
    message: string
    retryable: false
    details: {
      head: number
      floor: number
      epoch: string
    }
  }
  id_reused: {
    code: 'id_reused'
    message: string
    retryable: false
  }
  not_in_scope: {
    code: 'not_in_scope'
    message: string
    retryable: false
    details: {
      field?: string
      principals: Principal[]
    }
  }
  presenter_not_member: {
    code: 'presenter_not_member'
    message: string
    retryable: false
    details: {
      field?: string
      principals: Principal[]
    }
  }
  unknown_principal: {
    code: 'unknown_principal'
    message: string
    retryable: false
    details: {
      field?: string
      principals: Principal[]
    }
  }
  limit_exceeded: {
    code: 'limit_exceeded'
    message: string
    retryable: false
  }
  rate_limited: {
    code: 'rate_limited'
    message: string
    retryable: true
    retryAfterMs?: number
    details?: {
      field: string
    }
  }
  unavailable: {
    code: 'unavailable'
    message: string
    retryable: true
    retryAfterMs?: number
    details?: {
      field: string
    }
  }
  internal: {
    code: 'internal'
    message: string
    retryable: true
    retryAfterMs?: number
    details?: {
      field: string
    }
  }
}
