import type { StoreName } from '../../lambdas/app.ts'
import { loadAccess } from '../../lambdas/domain/access/access.ts'
import type { Caller } from '../../lambdas/domain/access/principals.ts'
import { runReview } from '../../lambdas/jobs/review.ts'
import type { Handler } from '../../lambdas/route.ts'
import { deleteRoom } from '../../lambdas/routes/delete-room.ts'
import { moveRoom } from '../../lambdas/routes/move-room.ts'
import { revoke } from '../../lambdas/routes/revoke.ts'
import { updateCategory } from '../../lambdas/routes/update-category.ts'
import { updateRoom } from '../../lambdas/routes/update-room.ts'
import { type MemoryApp, memoryApp } from '../support/memory/app.ts'
import { addRoom, addSession, call, categoryOf, person } from '../support/memory/fixtures.ts'

const ana = person('ana')
const root = person('root', { admin: true })
const members = [ana, person('ben', { groups: ['ops'] }), person('cem'), person('dan', { groups: ['ops'] })]
const wrapped: readonly StoreName[] = ['rooms', 'roles', 'categories', 'people', 'sessions', 'records']

/** When a call fails: before its effect, or after it, as when an answer is lost. */
type Moment = 'before' | 'after'

/** The app, but the call number `at` to any of its stores fails. `calls` counts them. */
function failingOnce(app: MemoryApp, at: number, moment: Moment): { app: MemoryApp; calls: () => number } {
  let calls = 0
  const failing = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        const found: unknown = Reflect.get(target, name)
        if (typeof found !== 'function') return found
        return async (...args: unknown[]) => {
          const fails = ++calls === at
          if (fails && moment === 'before') throw new Error('The store failed.')
          const answer: unknown = await found.apply(target, args)
          if (fails) throw new Error('The answer was lost.')
          return answer
        }
      },
    })
  const stores = Object.fromEntries(wrapped.map((name) => [name, failing(app[name])]))
  return { app: { ...app, ...stores }, calls: () => calls }
}

/** Two rooms whose members are all in them, and a category that is for one of them only. */
async function crowdedRooms(): Promise<MemoryApp> {
  const app = memoryApp()
  app.categories.put(categoryOf('c', { creators: ['everyone'] }))
  app.categories.put(categoryOf('narrow', { allowed: ['user:ana'], creators: ['user:ana'] }))
  for (const roomId of ['r', 's']) {
    const grants = { 'user:ana': ['manager', 'member'], 'group:ops': ['member'], 'user:cem': ['member'] } as const
    await addRoom(
      app,
      roomId,
      { categoryId: 'c' },
      Object.fromEntries(Object.entries(grants).map(([of, its]) => [of, [...its]])),
    )
    for (const member of members) await addSession(app, roomId, member, `${roomId}-${member.user}`)
  }
  return app
}

/** Runs what was handed on. */
async function finish(app: MemoryApp): Promise<void> {
  for (const job of app.reviews.jobs.splice(0)) await runReview(app, job, Number.POSITIVE_INFINITY)
}

/** The connections that are in a room though the store gives their users no right to be. */
async function unlawful(app: MemoryApp): Promise<string[]> {
  const found: string[] = []
  for (const roomId of ['r', 's']) {
    for (const { user, connectionId } of await app.sessions.roster(roomId)) {
      const caller = members.find((member) => member.user === user)
      const access = caller && (await loadAccess(app, roomId, caller))
      if (!access?.permissions.includes('join')) found.push(connectionId)
    }
  }
  return found
}

const verbs: [string, Handler, object, Caller][] = [
  ['updateRoom with other members', updateRoom, { roomId: 'r', version: 1, members: ['user:ana'], managers: [] }, ana],
  ['updateRoom that disables', updateRoom, { roomId: 'r', version: 1, disabled: true, name: 'New' }, ana],
  ['moveRoom', moveRoom, { roomId: 'r', categoryId: 'narrow' }, ana],
  ['revoke', revoke, { roomId: 'r', role: 'member', principals: ['group:ops', 'user:cem'] }, ana],
  ['updateCategory', updateCategory, { categoryId: 'c', version: 1, denied: ['group:ops', 'user:cem'] }, root],
  ['deleteRoom', deleteRoom, { roomId: 'r' }, root],
]

describe.each(verbs)('%s', (_, verb, frame, caller) => {
  it('ends the sessions that lose their right', async () => {
    const app = await crowdedRooms()
    expect(await call(app, verb, frame, caller)).toMatchObject({ ok: true })
    expect((await app.sessions.roster('r')).length).toBeLessThan(members.length)
    expect(await unlawful(app)).toEqual([])
  })

  it.each<Moment>(['before', 'after'])(
    'leaves nobody in a room without a right to it, whichever call of a store fails %s its effect',
    async (moment) => {
      const replies = new Set<unknown>()
      for (let at = 1; ; at++) {
        const app = await crowdedRooms()
        const failing = failingOnce(app, at, moment)
        replies.add((await call(failing.app, verb, frame, caller)).ok)
        await finish(app)
        expect({ at, unlawful: await unlawful(app) }).toEqual({ at, unlawful: [] })
        if (failing.calls() < at) break
      }
      expect(replies).toEqual(new Set([true, false]))
    },
  )
})

it('Whoever lost a right hears of it once, whichever call of a store fails', async () => {
  for (let at = 1; ; at++) {
    const app = await crowdedRooms()
    const failing = failingOnce(app, at, 'before')
    await call(failing.app, revoke, { roomId: 'r', role: 'member', principals: ['user:cem'] }, ana)
    await finish(app)
    const isIn = (await app.sessions.roster('r')).some(({ user }) => user === 'cem')
    const kicks = app.connections.pushes('r-cem').filter(({ type }) => type === 'kicked')
    expect({ at, kicks: kicks.length }).toEqual({ at, kicks: isIn ? 0 : 1 })
    if (failing.calls() < at) break
  }
})

it('A line that cannot be recorded prevents what it records', async () => {
  const app = await crowdedRooms()
  jest.spyOn(app.records, 'add').mockRejectedValue(new Error('The record is down.'))
  await call(app, revoke, { roomId: 'r', role: 'member', principals: ['user:cem'] }, ana)
  await call(app, updateRoom, { roomId: 'r', version: 1, members: [] }, ana)
  const { grants } = await app.roles.list('r', 'member', undefined)
  expect(grants).toHaveLength(3)
})
