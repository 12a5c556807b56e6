import type * as frames from '../frames.ts'
import type { errors } from '../replies/errors.ts'
import type { pushes } from '../replies/pushes.ts'

/** Descriptions that a schema cannot express. docs/protocol.md has the full text. */

export type Verb = keyof typeof frames | 'ping'

export const verbs: Record<Verb, string> = {
  hello: 'Who this connection is, what the limits are, and what the server can.',
  ping: 'Keeps a connection from falling silent. Answered without a function.',
  join: 'Enters a room. The reply is a snapshot with which the live messages begin; `after` resumes from a position.',
  leave: 'Ends the session of this connection in the room.',
  send: 'Says something. The reply means: stored for good, and handed to every session of the room.',
  history: 'Reads and searches the log. Needs the right to join, not a session.',
  participants: 'Who is in the room, by user id, for rooms of any size.',
  sync: 'Which rooms moved since they were last seen. Rooms that the caller may not read are left out. `notJoined` names those in which this connection has no session.',
  createRoom: 'Creators of the category make a room; they become its manager, not its member.',
  getRoom: 'A room that the caller may see, and what they may do there.',
  updateRoom: 'Managers and administrators change settings and whole lists of roles, under the version that they read.',
  moveRoom: 'Managers who may create in the target, and administrators, move a room to another category.',
  deleteRoom: 'Administrators delete a room.',
  browse: 'Looks for rooms. A room that the caller may not see is never shown.',
  categories: 'Those in whose scope the caller is; to administrators all of them, with their lists.',
  createCategory: 'Administrators make a category.',
  updateCategory: 'Administrators change a category, under the version that they read.',
  deleteCategory: 'Administrators delete an empty category.',
  grant: 'Managers and administrators give a role. `changed` lists those who did not have it.',
  revoke: 'Managers and administrators take a role. `changed` lists those who had it.',
  roles: 'Who has which role, for those who may join or manage.',
  invitations: 'To which rooms the caller was invited. Ask on from `last` until it no longer rises.',
  block: 'The caller gets no invitations from another user any more, who does not learn of it.',
  unblock: 'Takes a block back.',
  blocks: 'Whom the caller blocks, by user id.',
  preference: "Keeps the caller's own data under a label. `data` sets it; version 0 says that it was never set.",
  removeMessages: 'Administrators take messages away, by position or by what they are.',
  purge: 'Administrators forget what was sent before a time.',
  record:
    'Administrators read what happened in a room, or in all of them, by time: who said, came, went, searched, was granted or removed.',
  suspend: 'Administrators keep a user from connecting, for a time or until further notice. Grants stay.',
  unsuspend: 'Administrators end a suspension. `unsuspended` says whether there was one.',
  suspended: 'Administrators read who is suspended, by user.',
  retention:
    'Administrators say for how many days the messages of a room, or of the rooms of a category, are kept; 0 ends the rule.',
  legalHold: 'Administrators keep everything in a room, or where a user wrote, from being purged.',
  erase: 'Administrators erase a user, or ask how far that has come. The user is kept from connecting.',
  disconnect: 'Administrators close one connection, or all of a user. Its client may connect again.',
}

export const pushDescriptions: Record<keyof typeof pushes, string> = {
  message: 'A new entry of the log, for every other connection with a session in the room.',
  messages:
    'The same for a busy room, whose messages travel together, by `seq`. Clients must bear it, whether it is sent or not.',
  participant: 'Somebody came, left or changed; once per user, and not in crowded rooms.',
  room: 'Settings of the room were changed.',
  kicked: 'The session in this room has ended.',
  invitation: 'The user was invited; told on every connection.',
  goaway:
    'The connection should be replaced by a fresh one, at any moment within `reconnectInMs`. Reasons are `token_expired`, `age`, `replaced`, `abuse`, `disconnected` and `suspended`; after `replaced` and `suspended` the client stays away until it is asked.',
}

export const errorWords: Record<keyof typeof errors, string> = {
  invalid:
    'The frame is no JSON object, names no verb, holds what no frame may, or a field is missing, null, ill-typed, empty, too long or made up.',
  not_found: 'There is no such room, or the caller may not know of it.',
  forbidden: 'The caller knows the room and may not do this; or the token has expired.',
  room_disabled: 'The room is disabled.',
  not_joined: 'This connection has not joined the room, or was replaced.',
  conflict: 'Someone was first: `ifHead` or `version` is out of date, or a category still has rooms.',
  duplicate_name: 'The name is taken, whatever its case.',
  resync_required: '`after` is not in the log: never was, is trimmed, ahead of the head, or too far back to send from.',
  id_reused: 'The `clientMessageId` stands for another body already.',
  not_in_scope: "The room's category does not allow these principals.",
  presenter_not_member: 'Presenters have to be members first.',
  unknown_principal: 'Whether the category allows these users depends on groups, and they have never connected.',
  limit_exceeded: 'A limit that `hello` publishes.',
  rate_limited: 'Too fast; this try has changed nothing.',
  unavailable:
    'Something behind was too slow; asking again is safe for everything but a `send` without `clientMessageId`.',
  internal: 'A defect of the server, which has noted it.',
}
