import type { InvitationFrame, MessageFrame, ParticipantFrame, RoomCard, RoomFrame } from '../../protocol/wire.ts'
import type { Category } from '../domain/access/categories.ts'
import type { VisibleInvitation } from '../domain/access/invitations.ts'
import type { Grant } from '../domain/access/roles.ts'
import { isApp } from '../domain/apps.ts'
import type { Entry } from '../domain/log/entry.ts'
import type { Suspension } from '../domain/people/suspensions.ts'
import { type Room, roomUri } from '../domain/room.ts'
import type { ErasureJob } from '../domain/rooms/erasure.ts'
import { participantOf } from '../domain/sessions/participants.ts'
import type { Participant } from '../domain/sessions/sessions.ts'

/** Converts values of the domain to frames. */

export const isoTime = (ms: number) => new Date(ms).toISOString()

export function messageFrame(roomId: string, entry: Entry): MessageFrame {
  const { seq, sentAt, from, clientMessageId, body, removed, removes, replacement, removesOf, upTo } = entry
  return {
    roomId,
    seq,
    sentAt: isoTime(sentAt),
    ...(from && (removes ? { by: from.user } : { from: authorFrame(from) })),
    ...(clientMessageId !== undefined && { clientMessageId }),
    ...body,
    ...(removed && { removed: { by: removed.by, at: isoTime(removed.at) } }),
    ...(removes && { removes }),
    ...(replacement !== undefined && { replacement }),
    ...(removesOf !== undefined && { removesOf, upTo }),
  }
}

/** The id shows that an author is an app, so entries need no field for it. */
const authorFrame = (from: NonNullable<Entry['from']>) => ({
  ...from,
  ...(isApp(from.user) && { app: true as const }),
})

export function roomFrame(domain: string, room: Room): RoomFrame {
  const { roomId, createdAt, updatedAt, ...settings } = room
  return {
    roomId,
    uri: roomUri(domain, roomId),
    ...settings,
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  }
}

export const roomCard = (domain: string, { roomId, name, description }: Room): RoomCard => ({
  roomId,
  uri: roomUri(domain, roomId),
  name,
  description,
})

export const invitationFrame = (domain: string, { invitation, room }: VisibleInvitation): InvitationFrame => ({
  invitationId: invitation.invitationId,
  room: roomCard(domain, room),
  createdAt: isoTime(invitation.createdAt),
})

export const participantFrame = (participant: Participant): ParticipantFrame => participantOf(participant)

/** A category for administrators. */
export const categoryFrame = ({ createdAt, updatedAt, ...category }: Category) => ({
  ...category,
  createdAt: isoTime(createdAt),
  updatedAt: isoTime(updatedAt),
})

/** A category for users in its scope, without the lists of principals. */
export const categoryCard = ({ categoryId, name, description, invitations, history, files }: Category) => ({
  categoryId,
  name,
  description,
  invitations,
  history,
  files,
})

export const grantFrame = ({ role, principal, createdAt, createdBy }: Grant) => ({
  role,
  principal,
  createdAt: isoTime(createdAt),
  createdBy,
})

export const suspensionFrame = ({ user, since, by, until, reason }: Suspension) => ({
  user,
  ...(until !== undefined && { until: isoTime(until) }),
  since: isoTime(since),
  by,
  ...(reason !== undefined && { reason }),
})

/** What an erasure leaves, and where. docs/protocol.md has the sentences. */
const leftBehind = ['backups', 'record', 'exports', 'quotations']

export const erasureFrame = ({ user, messages, startedAt, done, rooms, changed, revoked, held }: ErasureJob) => ({
  id: user,
  messages,
  state: done ? 'done' : 'running',
  startedAt: isoTime(startedAt),
  progress: { rooms, messages: changed, roles: revoked },
  ...(done && { left: held > 0 ? ['holds', ...leftBehind] : leftBehind }),
})
