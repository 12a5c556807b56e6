// Made from the schemas by `npm run contract`.

import type { InvitationSetting, LogEnd, Match, MessagePart, Principal, Privacy, RichText, Role } from './values.ts'

/** The fields of each request, beside `action` and `id`. */
export interface Requests {
  block: {
    user: string
  }
  blocks: {
    cursor?: string | undefined
  }
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
  disconnect: {
    user?: string | undefined
    connectionId?: string | undefined
  }
  erase: {
    user: string
    messages: 'remove' | 'keep'
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
  legalHold: {
    roomId?: string | undefined
    user?: string | undefined
    hold?: boolean | undefined
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
    roomId?: string | undefined
    user?: string | undefined
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
  retention: {
    roomId?: string | undefined
    categoryId?: string | undefined
    days?: number | undefined
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
    text?: string | undefined
    clientMessageId?: string | undefined
    after?: number | undefined
    parts?: readonly MessagePart[] | undefined
    alert?: boolean | undefined
    title?: string | undefined
    rich?: RichText | undefined
    ifHead?: number | undefined
  }
  suspend: {
    user: string
    until?: string | undefined
    reason?: string | undefined
  }
  suspended: {
    cursor?: string | undefined
  }
  sync: {
    rooms: Record<string, number>
  }
  unblock: {
    user: string
  }
  unsuspend: {
    user: string
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
