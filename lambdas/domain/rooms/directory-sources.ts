import type { InvitationStore } from '../access/invitations.ts'
import type { Caller } from '../access/principals.ts'
import type { Role } from '../access/roles.ts'
import type { Candidate, HeldRole, Viewer } from '../access/visibility.ts'
import type { Room } from '../room.ts'
import { isListening } from '../sessions/connections.ts'
import type { Session, SessionStore } from '../sessions/sessions.ts'
import type { DirectoryCursor, DirectoryQuery, DirectoryStore } from './directory.ts'
import { groupById, joinById, mergeById, none } from './sorted-streams.ts'

/** A candidate, with the room as an index has it where one was read. */
export type SourceRoom = Candidate & { copy?: Room }

/** Where the rooms of one way to look come from, in the order of ids. */
export interface Source {
  candidates: AsyncIterable<SourceRoom>
  /** A role that the viewer must hold. */
  role?: Role
  /** How many candidates one call looks at. */
  most: number
  /** Those rooms of which it is still true that they belong here. */
  confirm(rooms: Room[]): Promise<Room[]>
  last?: number
}

export interface DirectoryStores {
  directory: DirectoryStore
  sessions: Pick<SessionStore, 'connectionsOf' | 'roomsOf' | 'find'>
  invitations: InvitationStore
}

/** An index holds whole rooms, ten of them in the unit that one room by itself costs. */
const mostCopies = 1000
const mostRooms = 250

/**
 * Copies that are read at a time while words are searched for, over all categories together. Three times as many are
 * one room more than a call looks at, which is how it learns that there are more.
 */
const searchAhead = Math.ceil((mostCopies + 1) / 3)
const leastAhead = 30

/** Invitations that one list covers; the next list goes on behind them. */
const mostInvitations = 1000

const all = async (rooms: Room[]) => rooms

export async function sourceFor(
  stores: DirectoryStores,
  viewer: Viewer,
  caller: Caller,
  question: DirectoryQuery,
  place: DirectoryCursor,
  limit: number,
  now: number,
): Promise<Source> {
  const { mine, managed, joinedBy, invitedAfter } = question
  if (mine) return holding(stores, viewer, 'member', place)
  if (managed) return holding(stores, viewer, 'manager', place)
  if (joinedBy !== undefined) return joined(stores.sessions, joinedBy, place, now)
  if (invitedAfter !== undefined) return invited(stores.invitations, caller.user, invitedAfter, place)
  return listed(stores.directory, viewer, question, place, limit)
}

/** Categories out of scope are not even read. */
function listed(
  directory: DirectoryStore,
  viewer: Viewer,
  question: DirectoryQuery,
  { from }: DirectoryCursor,
  limit: number,
): Source {
  const { criteria, categoryId, privacy, disabled } = question
  const categories = viewer.categories.filter((each) => each === (categoryId ?? each))
  const ahead = Math.ceil((criteria ? searchAhead : limit + 1) / Math.max(categories.length, 1))
  const readAhead = Math.max(ahead, leastAhead)
  const copies = mergeById(categories.map((each) => directory.inCategory(each, from, readAhead)))
  const plain = disabled !== true && (privacy === 'open' || privacy === 'closed')
  const held = plain || viewer.admin ? none<HeldRole>() : holdingsFrom(directory, viewer, from)
  return { candidates: found(joinById(copies, held)), most: mostCopies, confirm: all }
}

async function* found(matches: ReturnType<typeof joinById<Room, HeldRole>>): AsyncGenerator<SourceRoom> {
  for await (const { roomId, item: copy, marks: holdings } of matches) yield { roomId, copy, holdings }
}

function holding({ directory }: DirectoryStores, viewer: Viewer, role: Role, { from }: DirectoryCursor): Source {
  return { candidates: groups(holdingsFrom(directory, viewer, from), role), role, most: mostRooms, confirm: all }
}

async function* groups(holdings: AsyncIterable<HeldRole>, role: Role): AsyncGenerator<SourceRoom> {
  for await (const group of groupById(holdings)) {
    const roomId = group[0]?.roomId
    if (roomId !== undefined && group.some((each) => each.role === role)) yield { roomId, holdings: group }
  }
}

/** A presenter is a member as well, so presenting shows nobody a room. */
async function* holdingsFrom(directory: DirectoryStore, viewer: Viewer, from: string): AsyncGenerator<HeldRole> {
  const held = mergeById(viewer.principals.map((principal) => directory.holdings(principal, from)))
  for await (const each of held) if (each.role !== 'presenter') yield each
}

async function joined(
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
  return { candidates: inOrder(rooms.flat(), from), most: mostRooms, confirm }
}

/** The first page settles which invitations the list covers, so that one which comes meanwhile is left for the next list. */
async function invited(
  store: InvitationStore,
  user: string,
  after: number,
  { from, last }: DirectoryCursor,
): Promise<Source> {
  const read = await store.list(user, after, mostInvitations)
  const covered = read.filter(({ invitationId }) => invitationId <= (last ?? invitationId))
  const rooms = covered.map(({ roomId }) => roomId)
  const end = covered.at(-1)?.invitationId ?? after
  return { candidates: inOrder(rooms, from), most: mostRooms, confirm: all, last: end }
}

/** What an index has of the grants may lag, so of these rooms nothing is said of what the viewer holds. */
async function* inOrder(roomIds: readonly string[], from: string): AsyncGenerator<SourceRoom> {
  for (const roomId of [...new Set(roomIds)].sort()) if (roomId >= from) yield { roomId }
}
