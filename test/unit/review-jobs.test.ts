import { runReview } from '../../lambdas/jobs/review.ts'
import { parseReviewJob, type ReviewJob } from '../../lambdas/jobs/review-job.ts'
import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { grant } from '../../lambdas/routes/grant.ts'
import { revoke } from '../../lambdas/routes/revoke.ts'
import { updateCategory } from '../../lambdas/routes/update-category.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, categoryOf, person } from '../support/memory/fixtures.ts'

const ana = person('ana')
const root = person('root', { admin: true })
let app: MemoryApp

beforeEach(() => {
  app = memoryApp()
  app.categories.put(categoryOf('c', { creators: ['everyone'] }))
})

const padded = (nr: number) => String(nr).padStart(3, '0')

/** Sessions of members by a group, each on a connection of its own, which were opened in no order. */
async function fill(roomId: string, count: number): Promise<string[]> {
  await addRoom(app, roomId, { categoryId: 'c' }, { 'user:ana': ['manager'], 'group:g': ['member'] })
  const numbers = Array.from({ length: count }, (_, at) => (at * 7) % count)
  for (const nr of numbers) {
    const member = person(`u${padded(nr)}`, { groups: ['g'] })
    await addSession(app, roomId, member, `${roomId}-${padded(nr)}`)
  }
  return numbers.map((nr) => `${roomId}-${padded(nr)}`).sort()
}

/** Lets the end of each session take so many milliseconds. Returns the connections whose sessions ended, in order. */
function slowEnds(ms: number): string[] {
  const ended: string[] = []
  const end = app.sessions.end.bind(app.sessions)
  app.sessions.end = async (roomId, connectionId, ...more) => {
    app.clock.time += ms
    ended.push(connectionId)
    return end(roomId, connectionId, ...more)
  }
  return ended
}

const revokeGroup = () => call(app, revoke, { roomId: 'r', role: 'member', principals: ['group:g'] }, ana)

/** Runs the jobs that were handed on, each for at most so long, as the function does. Returns them. */
async function runAll(ms: number): Promise<ReviewJob[]> {
  const done: ReviewJob[] = []
  for (let job = app.reviews.jobs.shift(); job; job = app.reviews.jobs.shift()) {
    done.push(job)
    await runReview(app, parseReviewJob(JSON.parse(JSON.stringify(job))), app.clock.now() + ms)
  }
  return done
}

const pushesOf = (type: string, connectionId: string) =>
  app.connections.pushes(connectionId).filter((push) => push.type === type)

it('a short review is done by the verb, and hands nothing on', async () => {
  await fill('r', 20)
  slowEnds(10)
  expect(await revokeGroup()).toMatchObject({ ok: true })
  expect(await app.sessions.roster('r')).toEqual([])
  expect(app.reviews.jobs).toEqual([])
})

it('a long review goes on where the verb stopped, and ends each session once', async () => {
  const connections = await fill('r', 650)
  const ended = slowEnds(30)
  expect(await revokeGroup()).toMatchObject({ ok: true, changed: ['group:g'] })
  expect(app.reviews.jobs).toEqual([{ roomId: 'r', reason: 'revoked', touched: ['group:g'], from: 'r-200' }])
  expect(ended).toEqual(connections.slice(0, 200))
  expect(pushesOf('kicked', 'r-199')).toHaveLength(1)
  expect(pushesOf('kicked', 'r-200')).toEqual([])
  const jobs = await runAll(9000)
  expect(jobs).toMatchObject([{ from: 'r-200' }, { from: 'r-600' }])
  expect(ended).toEqual(connections)
  for (const id of connections) expect(pushesOf('kicked', id)).toHaveLength(1)
  expect(await app.sessions.roster('r')).toEqual([])
})

it('a review of a room without time makes progress at each run', async () => {
  const connections = await fill('r', 450)
  const ended = slowEnds(1000)
  await revokeGroup()
  expect(await runAll(0)).toHaveLength(2)
  expect(ended).toEqual(connections)
})

it('a job that runs twice from the same position changes nothing more', async () => {
  await fill('r', 450)
  slowEnds(30)
  await revokeGroup()
  const [job] = app.reviews.jobs
  await runAll(60_000)
  if (!job) throw new Error('Nothing was handed on.')
  await runReview(app, job, app.clock.now())
  expect(pushesOf('kicked', 'r-449')).toHaveLength(1)
})

it('a verb whose review cannot be handed on does all of it', async () => {
  await fill('r', 450)
  slowEnds(30)
  jest.spyOn(app.reviews, 'start').mockRejectedValue(new Error('throttled'))
  expect(await revokeGroup()).toMatchObject({ ok: true })
  expect(await app.sessions.roster('r')).toEqual([])
})

it('a review that fails in the verb is handed on from its beginning', async () => {
  await fill('r', 3)
  const end = jest.spyOn(app.sessions, 'end').mockRejectedValue(new Error('broken'))
  expect(await revokeGroup()).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(app.reviews.jobs).toEqual([{ roomId: 'r', reason: 'revoked', touched: ['group:g'] }])
  end.mockRestore()
  await runAll(1000)
  expect(await app.sessions.roster('r')).toEqual([])
})

it('a change of a room is announced to those who stay when the last session was reviewed', async () => {
  const connections = await fill('r', 250)
  await app.roles.grant('r', [{ role: 'member', principal: 'user:u003', createdAt: 1, createdBy: 'ana' }])
  await app.roles.grant('r', [{ role: 'member', principal: 'user:u249', createdAt: 1, createdBy: 'ana' }])
  slowEnds(30)
  await call(app, updateRoom, { roomId: 'r', version: 1, name: 'New', members: ['user:u003', 'user:u249'] }, ana)
  expect(connections.flatMap((id) => pushesOf('room', id))).toEqual([])
  await runAll(60_000)
  const push = { type: 'room', roomId: 'r', version: 2, changed: { name: { old: 'Room r', new: 'New' } } }
  for (const id of connections) {
    expect(pushesOf('room', id)).toEqual(id === 'r-003' || id === 'r-249' ? [push] : [])
  }
})

it('the grants of a deleted room go after its last session', async () => {
  await fill('r', 250)
  slowEnds(30)
  expect(await call(app, deleteRoom, { roomId: 'r' }, root)).toMatchObject({ ok: true })
  expect(await app.rooms.isRemoved('r')).toBe(true)
  await runAll(60_000)
  expect(await app.sessions.roster('r')).toEqual([])
  expect(await app.rooms.isRemoved('r')).toBe(false)
  expect(pushesOf('kicked', 'r-249')).toEqual([{ type: 'kicked', roomId: 'r', reason: 'deleted' }])
})

it('the review of a category goes on with the rooms that are left', async () => {
  const rooms = Array.from({ length: 120 }, (_, nr) => `room-${padded(nr)}`)
  for (const roomId of [...rooms].reverse()) await fill(roomId, 1)
  const ended = slowEnds(200)
  const denied = { categoryId: 'c', version: 1, denied: ['group:g'] }
  expect(await call(app, updateCategory, denied, root)).toMatchObject({ ok: true })
  expect(app.reviews.jobs).toEqual([{ categoryId: 'c', after: 'room-049' }])
  const jobs = await runAll(5000)
  expect(jobs).toEqual([
    { categoryId: 'c', after: 'room-049' },
    { categoryId: 'c', after: 'room-099' },
  ])
  expect(ended).toEqual(rooms.map((roomId) => `${roomId}-000`))
})

it('a long room in a category is handed on by itself, and the next rooms are reviewed', async () => {
  await fill('long', 250)
  await fill('short', 1)
  slowEnds(30)
  await call(app, updateCategory, { categoryId: 'c', version: 1, denied: ['group:g'] }, root)
  expect(app.reviews.jobs).toEqual([{ roomId: 'long', reason: 'revoked', from: 'long-200' }])
  expect(await app.sessions.roster('short')).toEqual([])
  await runAll(60_000)
  expect(await app.sessions.roster('long')).toEqual([])
})

it('a grant tells those whose rights changed, also when the review is handed on', async () => {
  await fill('r', 250)
  const update = app.sessions.update.bind(app.sessions)
  app.sessions.update = async (session) => {
    app.clock.time += 30
    return update(session)
  }
  await call(app, grant, { roomId: 'r', role: 'manager', principals: ['group:g'] }, ana)
  expect((await app.sessions.find('r', 'r-249'))?.isManager).toBe(false)
  await runAll(60_000)
  expect((await app.sessions.find('r', 'r-249'))?.isManager).toBe(true)
})

it.each([
  undefined,
  {},
  { roomId: 'r' },
  { roomId: 'r', reason: 'other' },
  { roomId: 'r', reason: 'revoked', from: 3 },
  { categoryId: '' },
  { roomId: 'r', first: 1, last: 2, part: {} },
])('%j is not a job', (event) => {
  expect(() => parseReviewJob(event)).toThrow()
})
