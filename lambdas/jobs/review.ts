import type { CategoryStore } from '../domain/access/categories.ts'
import type { GrantStore } from '../domain/access/roles.ts'
import { forEachConcurrent } from '../domain/concurrency.ts'
import type { RoomStore } from '../domain/rooms/rooms.ts'
import { review } from '../domain/sessions/review.ts'
import type { Session } from '../domain/sessions/sessions.ts'
import { firstOf, raise } from '../domain/steps.ts'
import { announce, type PushPorts } from '../push/announce.ts'
import { announceReview, pushKicks } from '../push/review.ts'
import type { CategoryReview, ReviewJob, Reviews, RoomReview } from './review-job.ts'

export type ReviewPorts = PushPorts & {
  roles: GrantStore
  categories: CategoryStore
  rooms: RoomStore
  reviews: Reviews
}

/** A verb hands the rest of a review on after this time. Its caller waits at most 29 seconds, and writes took some. */
const verbMs = 5_000

/** A call that runs out of time has reviewed at least this many. */
const sessionsAtOnce = 200
const roomsAtOnce = 50

/**
 * Reviews the sessions after a change of rights that is stored already. If a step fails, the whole job is handed on, so
 * that no session keeps a revoked right.
 */
export async function reviewNow(app: ReviewPorts, job: ReviewJob): Promise<void> {
  try {
    await runReview(app, job, app.clock.now() + verbMs)
  } catch (error) {
    await app.reviews.start(job).catch(() => undefined)
    throw error
  }
}

/** Reviews until all is done, or until this time, and hands on the rest with the position reached. */
export async function runReview(app: ReviewPorts, job: ReviewJob, until: number): Promise<void> {
  await ('roomId' in job ? reviewRoom(app, job, until) : reviewCategory(app, job, until))
}

async function reviewRoom(app: ReviewPorts, job: RoomReview, until: number): Promise<void> {
  const { roomId, touched, reason, push, from } = job
  const sessions = await (from === undefined ? app.sessions.roster(roomId) : app.sessions.part(roomId, { from }))
  const waiting = sessions.toSorted((a, b) => (a.connectionId < b.connectionId ? -1 : 1))
  const kicked: Session[] = []
  const changed: Session[] = []
  const staying: Session[] = []
  const failures: unknown[] = []
  while (waiting.length > 0) {
    const reviewed = await review(app, roomId, touched, waiting.splice(0, sessionsAtOnce))
    failures.push(...(reviewed.failures ?? []))
    await pushKicks(app, reviewed.kicked, reason).catch((error: unknown) => failures.push(error))
    kicked.push(...reviewed.kicked)
    changed.push(...reviewed.changed)
    staying.push(...reviewed.roster)
    const [next] = waiting
    if (next && app.clock.now() >= until && (await isHandedOn(app, { ...job, from: next.connectionId }))) {
      await announceReview(app, { kicked, changed, roster: await app.sessions.roster(roomId) })
      return raise(firstOf(failures).failure)
    }
  }
  // In a resumed review, the sessions that were reviewed before stay as well.
  const roster = from === undefined ? staying : await app.sessions.roster(roomId)
  await announceReview(app, { kicked, changed, roster })
  raise(firstOf(failures).failure)
  if (push) await announce(app, roster, push)
  // The grants go last, so that an interrupted call can be repeated until everything is deleted. The deletion of the room
  // itself may have failed.
  if (reason === 'deleted' && (await app.rooms.isRemoved(roomId))) await app.rooms.deleteLeftovers(roomId)
}

async function reviewCategory(app: ReviewPorts, job: CategoryReview, until: number): Promise<void> {
  const { categoryId, after = '' } = job
  const waiting = (await app.rooms.inCategory(categoryId)).filter((roomId) => roomId > after).sort()
  const failures: unknown[] = []
  while (waiting.length > 0) {
    const batch = waiting.splice(0, roomsAtOnce)
    await forEachConcurrent(batch, async (roomId) => {
      await reviewRoom(app, { roomId, reason: 'revoked' }, until).catch((error: unknown) => failures.push(error))
    })
    const last = batch.at(-1)
    const isLate = waiting.length > 0 && app.clock.now() >= until
    if (isLate && last !== undefined && (await isHandedOn(app, { ...job, after: last }))) break
  }
  raise(firstOf(failures).failure)
}

/** Returns false if the job could not be handed on. The caller then continues it in spite of the time. */
const isHandedOn = ({ reviews }: ReviewPorts, job: ReviewJob): Promise<boolean> =>
  reviews.start(job).then(
    () => true,
    () => false,
  )
