import type { InvitationStore } from '../access/invitations.ts'
import type { Caller } from '../access/principals.ts'
import type { HeldRole, Role } from '../access/roles.ts'
import type { Candidate, Requirement, Viewer } from '../access/visibility.ts'
import type { Room } from '../room.ts'
import { isListening } from '../sessions/connections.ts'
import type { Session, SessionStore } from '../sessions/sessions.ts'
import type { DirectoryCursor, DirectoryQuery, DirectoryStore } from './directory.ts'
import { groupById, joinById, mergeById, none } from './sorted-streams.ts'

/** A candidate. `copy` is the room as an index has it, if an index was read. */
export type SourceRoom = Candidate & { copy?: Room }

/** The candidate rooms for one kind of request, sorted by id. */
export interface Source {
  candidates: AsyncIterable<SourceRoom>
  /** What the viewer must have in each room. */
  required?: Requirement
  /** The most candidates that one call examines. */
  most: number
  /** The rooms that still belong to the result. */
  confirm(rooms: Room[]): Promise<Room[]>
  last?: number
}

export interface DirectoryStores {
  directory: DirectoryStore
  sessions: Pick<SessionStore, 'connectionsOf' | 'roomsOf' | 'find'>
  invitations: InvitationStore
}

/**
 * The most candidates of one call. An index contains whole rooms: one read unit covers ten of them, but only one room
 * that is read by itself.
 */
const maxCopies = 1000
const maxRooms = 250

/**
 * Rooms to read at a time during a text search, over all categories together. Three reads return one room more than a
 * call examines, which shows that there are more.
 */
const searchAhead = Math.ceil((maxCopies + 1) / 3)
const leastAhead = 30

/** The most invitations that one list covers. The next list continues after them. */
const maxInvitations = 1000

const all = async (rooms: Room[]) => rooms

export async function sourceFor(
  stores: DirectoryStores,
  viewer: Viewer,
  caller: Caller,
  query: DirectoryQuery,
  cursor: DirectoryCursor,
  limit: number,
  now: number,
): Promise<Source> {
  const { mine, managed, joinedBy, invitedAfter } = query
  if (mine) return withRole(stores, viewer, 'member', cursor)
  if (managed) return withRole(stores, viewer, 'manager', cursor)
  if (joinedBy !== undefined) return joinedRooms(stores.sessions, joinedBy, cursor, now)
  if (invitedAfter !== undefined) return invitedRooms(stores.invitations, caller.user, invitedAfter, cursor)
  return listed(stores.directory, viewer, query, cursor, limit)
}

/** Categories out of scope are not read. */
function listed(
  directory: DirectoryStore,
  viewer: Viewer,
  query: DirectoryQuery,
  { from }: DirectoryCursor,
  limit: number,
): Source {
  const { criteria, categoryId, privacy, disabled } = query
  const categories = viewer.categories.filter((each) => each === (categoryId ?? each))
  const ahead = Math.ceil((criteria ? searchAhead : limit + 1) / Math.max(categories.length, 1))
  const readAhead = Math.max(ahead, leastAhead)
  const copies = mergeById(categories.map((each) => directory.inCategory(each, from, readAhead)))
  const noneHidden = disabled !== true && (privacy === 'open' || privacy === 'closed')
  const held = noneHidden || viewer.admin ? none<HeldRole>() : holdingsFrom(directory, viewer, from)
  return { candidates: withCopies(joinById(copies, held)), most: maxCopies, confirm: all }
}

async function* withCopies(matches: ReturnType<typeof joinById<Room, HeldRole>>): AsyncGenerator<SourceRoom> {
  for await (const { roomId, item: copy, marks: holdings } of matches) yield { roomId, copy, holdings }
}

function withRole({ directory }: DirectoryStores, viewer: Viewer, role: Role, { from }: DirectoryCursor): Source {
  const candidates = roomsWithRole(holdingsFrom(directory, viewer, from), role)
  return { candidates, required: { role }, most: maxRooms, confirm: all }
}

async function* roomsWithRole(holdings: AsyncIterable<HeldRole>, role: Role): AsyncGenerator<SourceRoom> {
  for await (const group of groupById(holdings)) {
    const roomId = group[0]?.roomId
    if (roomId !== undefined && group.some((each) => each.role === role)) yield { roomId, holdings: group }
  }
}

/** Being a presenter does not make a room visible: a presenter is also a member. */
async function* holdingsFrom(directory: DirectoryStore, viewer: Viewer, from: string): AsyncGenerator<HeldRole> {
  const held = mergeById(viewer.principals.map((principal) => directory.holdings(principal, from)))
  for await (const each of held) if (each.role !== 'presenter') yield each
}

async function joinedRooms(
  sessions: DirectoryStores['sessions'],
  user: string,
  { from }: DirectoryCursor,
  now: number,
): Promise<Source> {
  const connections = await sessions.connectionsOf(user)
  const rooms = await Promise.all(connections.map(async (connectionId) => (await sessions.roomsOf(connectionId)) ?? []))
  const isThere = (session: Session | undefined) => session !== undefined && isListening(session, now)
  const confirm = async (shown: Room[]) => {
    const present = await Promise.all(
      shown.map(async ({ roomId }) => {
        const own = connections.filter((_, at) => rooms[at]?.includes(roomId))
        return (await Promise.all(own.map((connectionId) => sessions.find(roomId, connectionId)))).some(isThere)
      }),
    )
    return shown.filter((_, at) => present[at])
  }
  // Who is in a room is shown to those who may list its participants.
  return { candidates: inOrder(rooms.flat(), from), required: { permission: 'read' }, most: maxRooms, confirm }
}

/** The first page fixes the invitations that the list covers. Later invitations are left for the next list. */
async function invitedRooms(
  store: InvitationStore,
  user: string,
  after: number,
  { from, last }: DirectoryCursor,
): Promise<Source> {
  const read = await store.list(user, after, maxInvitations)
  const covered = read.filter(({ invitationId }) => invitationId <= (last ?? invitationId))
  const rooms = covered.map(({ roomId }) => roomId)
  const end = covered.at(-1)?.invitationId ?? after
  return { candidates: inOrder(rooms, from), most: maxRooms, confirm: all, last: end }
}

/**
 * An index of grants may be slightly old, so these candidates have no `holdings`: the grants are read from the table.
 */
async function* inOrder(roomIds: readonly string[], from: string): AsyncGenerator<SourceRoom> {
  for (const roomId of [...new Set(roomIds)].sort()) if (roomId >= from) yield { roomId }
}
