import type { InvitationFrame, RoomCard, RoomFrame } from '../lambdas/protocol/wire.ts'
import type { Message } from './message.ts'
import type { Participant } from './presence.ts'

/** What each verb asks and answers, in the words of docs/protocol.md. Times are RFC 3339. */

export type Room = RoomFrame
export type Privacy = Room['privacy']
export type Match = 'any' | 'all' | 'phrase'
export type Role = 'member' | 'manager' | 'presenter'
export type Permission = 'manage' | 'join' | 'chat' | 'read' | 'view'

/** `user:<sub>`, `group:<name>` or `everyone`. */
export type Principal = `user:${string}` | `group:${string}` | 'everyone'

/** A room by exactly one of its three names. A summary, or a room, is a reference too. */
export type RoomReference = { roomId: string } | { roomUri: string } | { roomName: string }

export interface NewRoom {
  name: string
  /** `general` when left out. */
  categoryId?: string
  description?: string
  /** `closed` when left out. */
  privacy?: Privacy
  auditorium?: boolean
  invitations?: 'inherit' | 'off'
  /** Makes the creation safe to repeat; the client draws one when it is left out. */
  clientRoomId?: string
}

/** `version` is the one that was read. A list that is given replaces the whole list. */
export interface RoomUpdate extends Partial<Omit<NewRoom, 'categoryId' | 'clientRoomId'>> {
  roomId: string
  version: number
  disabled?: boolean
  members?: readonly Principal[]
  managers?: readonly Principal[]
  presenters?: readonly Principal[]
}

export interface RoleChange {
  roomId: string
  role: Role
  /** 1 to 100. */
  principals: readonly Principal[]
}

export interface Grant {
  role: Role
  principal: Principal
  createdAt: string
  createdBy: string
}

/** Which rooms: exactly one of the first six fields says it, the rest narrow it down. */
export interface BrowseQuestion {
  criteria?: { text: string; match?: Match; inDescription?: boolean }
  mine?: true
  managed?: true
  joinedBy?: string
  invitedAfter?: number
  categoryId?: string
  privacy?: Privacy
  auditorium?: boolean
  disabled?: boolean
  limit?: number
  cursor?: string
}

/** Enough of a room to show it and to join it. */
export interface RoomSummary extends RoomCard {
  /** Users who are in it now. */
  participantCount: number
}

export interface NewCategory {
  name: string
  description?: string
  allowed?: readonly Principal[]
  denied?: readonly Principal[]
  creators?: readonly Principal[]
  invitations?: boolean
  history?: boolean
  files?: boolean
}

export interface CategoryUpdate extends Partial<NewCategory> {
  categoryId: string
  version: number
}

export interface Category {
  categoryId: string
  name: string
  description: string
  invitations: boolean
  history: boolean
  files: boolean
  /** From here on for administrators only. */
  allowed?: Principal[]
  denied?: Principal[]
  creators?: Principal[]
  version?: number
}

/** Upwards from `after`, or downwards from `before` or the end; the filters narrow it down. */
export interface HistoryQuestion {
  roomId: string
  after?: number
  before?: number
  from?: string
  to?: string
  authors?: readonly string[]
  search?: string
  match?: Match
  matchCase?: boolean
  /** The end that is looked through first. */
  order?: 'newest' | 'oldest'
  /** What the page begins with; `oldest` when left out. */
  sort?: 'newest' | 'oldest'
  limit?: number
  cursor?: string
}

/** With a `cursor` there is more, in the direction that was asked for. */
export interface HistoryPage {
  messages: Message[]
  cursor?: string
  head: number
  floor: number
  epoch: string
  exceeded: boolean
}

/** By number, or by what the messages are. */
export interface Removal {
  roomId: string
  seqs?: readonly number[]
  from?: string
  to?: string
  authors?: readonly string[]
  search?: string
  match?: Match
  replacement?: string
  cursor?: string
}

/** Numbers of invitations rise per user. */
export type Invitation = InvitationFrame

/** Sets `data` when it is given; answers it when it is newer than `knownVersion`. */
export interface PreferenceQuestion {
  label: string
  data?: string
  knownVersion?: number
}

export interface Hello {
  connectionId: string
  user: string
  name: string
  /** Bytes of UTF-8, seconds, counts. */
  limits: Record<string, number>
  maxAgeSeconds: number
  idleSeconds: number
  serverTime: string
}

/** What the caller is in a room. */
export interface Rights {
  roles: Role[]
  canChat: boolean
  canManage: boolean
}

export interface JoinReply {
  room: Room
  you: Rights
  participants?: Participant[]
  participantCount?: number
  messages: Message[]
  head: number
  floor: number
  epoch: string
  complete: boolean
}

/** The reply of each verb, without `id` and `ok`. */
export interface Replies {
  hello: Hello
  join: JoinReply
  leave: object
  send: { message: Message; duplicate: boolean }
  history: HistoryPage
  participants: { participants: Participant[]; participantCount: number; cursor?: string }
  sync: { rooms: Record<string, { head: number; floor: number }> }
  ping: object
  createRoom: { room: Room }
  getRoom: { room: Room; permissions: Permission[] }
  updateRoom: { room: Room }
  moveRoom: { room: Room; purged: Principal[] }
  deleteRoom: object
  grant: { changed: Principal[] }
  revoke: { changed: Principal[] }
  roles: { grants: Grant[]; cursor?: string }
  browse: { rooms: RoomSummary[]; cursor?: string }
  createCategory: { category: Category }
  updateCategory: { category: Category }
  deleteCategory: object
  categories: { categories: Category[] }
  removeMessages: { removed: number; cursor?: string }
  purge: { floor: number }
  invitations: { invitations: Invitation[]; last: number }
  preference: { data?: string; version: number }
}

export type Verb = keyof Replies
