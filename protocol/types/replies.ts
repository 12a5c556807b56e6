// Made from the schemas by `npm run contract`.

import type {
  CategoryCard,
  Erasure,
  ErasureJob,
  FullCategory,
  Grant,
  Invitation,
  Participant,
  Permission,
  Principal,
  PurgedGrant,
  RecordEntry,
  Removal,
  RemovedMessage,
  Rights,
  Room,
  RoomSummary,
  SaidMessage,
  Suspension,
} from './values.ts'

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
      retentionDays: number
      messagesPerSecondPerRoom: number
      messageBurstPerRoom: number
      messagesPerSecondPerAuthor: number
      messageBurstPerAuthor: number
      badFramesPerMinute: number
      joinsPerSecondPerConnection: number
      joinBurstPerConnection: number
      announcedParticipants: number
      roomsPerDay: number
      roomsManaged: number
      grantsPerRoom: number
      invitationsPerDay: number
      invitationsPerInviterPerDay: number
      preferencesPerUser: number
      preferenceBytesPerUser: number
      blocksPerUser: number
      unitsPerMinute: number
      messagesPerMinute: number
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
    messages: (SaidMessage | RemovedMessage | Removal | Erasure)[]
    head: number
    floor: number
    epoch: string
    complete: boolean
  }
  leave: object
  send: {
    message: SaidMessage | RemovedMessage | Removal | Erasure
    duplicate: boolean
  }
  history:
    | {
        messages: (SaidMessage | RemovedMessage | Removal | Erasure)[]
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
          messages: (SaidMessage | RemovedMessage | Removal | Erasure)[]
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
  block: object
  unblock: object
  blocks: {
    users: string[]
    cursor?: string
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
  suspend: {
    suspended: Suspension
  }
  unsuspend: {
    unsuspended: boolean
  }
  suspended: {
    users: Suspension[]
    cursor?: string
  }
  disconnect: {
    disconnected: number
  }
  retention: {
    days?: number
  }
  legalHold: {
    hold: boolean
  }
  erase: {
    job: ErasureJob
  }
}
