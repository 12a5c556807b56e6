import { newErasure } from '../../lambdas/domain/rooms/erasure.ts'
import { fresh, type Stores } from './ports.ts'

/** The behaviour of every ErasureStore, and of what an erasure needs of the other stores. */
export function erasureContract(stores: () => Stores): void {
  it('keeps the progress of each job, and lists those that are not done', async () => {
    const { erasures } = stores()
    const [first, second] = [fresh('user'), fresh('user')]
    const job = { ...newErasure(first, 'remove', 'root', 5), next: 'r', rooms: 2, changed: 3, revoked: 4, held: 1 }
    await erasures.put(job)
    await erasures.put(newErasure(second, 'keep', 'root', 6))
    expect(await erasures.find(first)).toEqual(job)
    expect(await erasures.find(fresh('user'))).toBeUndefined()
    expect((await erasures.running()).map(({ user }) => user)).toEqual(expect.arrayContaining([first, second]))
    await erasures.put({ ...job, done: true })
    expect((await erasures.running()).map(({ user }) => user)).not.toContain(first)
  })

  it('forgets a user, except for the suspension, and no other user', async () => {
    const { people, preferences, suspensions } = stores()
    const [user, other] = [fresh('user'), fresh('user')]
    for (const one of [user, other]) {
      await people.put({ user: one, name: 'Name', groups: [], seenAt: 1 })
      await preferences.set(one, 'label', 'data')
      await suspensions.put({ user: one, since: 1, by: 'root' })
    }
    await people.forget(user)
    await people.forget(user)
    expect([await people.find(user), await preferences.find(user, 'label')]).toEqual([undefined, undefined])
    expect(await suspensions.find(user)).toBeDefined()
    expect([(await people.find(other))?.name, (await preferences.find(other, 'label'))?.data]).toEqual(['Name', 'data'])
  })

  describe('a message that loses its author', () => {
    const by = { user: 'ana', name: 'Ana' }
    const rich = { contentType: 'text/html', body: 'x' }

    it('keeps its body under the new name, or loses all of it', async () => {
      const { messages } = stores()
      const roomId = fresh('room')
      await messages.put(roomId, { seq: 1, sentAt: 1, from: by, body: { text: 'one' } })
      await messages.put(roomId, { seq: 2, sentAt: 2, from: by, body: { text: 'two', title: 'T', alert: true, rich } })
      expect(await messages.disown(roomId, 1, 'Deleted user')).toBe(true)
      expect(await messages.disown(roomId, 2, 'Deleted user', { by: 'root', at: 9 })).toBe(true)
      const from = { user: 'ana', name: 'Deleted user' }
      expect(await messages.read(roomId, 1, 9)).toEqual([
        { seq: 1, sentAt: 1, from, body: { text: 'one' } },
        { seq: 2, sentAt: 2, from, removed: { by: 'root', at: 9 } },
      ])
    })

    it('keeps the mark of an earlier removal', async () => {
      const { messages } = stores()
      const roomId = fresh('room')
      await messages.put(roomId, { seq: 1, sentAt: 1, from: by, body: { text: 'one' } })
      await messages.redact(roomId, 1, { by: 'first', at: 5 }, 'instead')
      await messages.disown(roomId, 1, 'Deleted user', { by: 'root', at: 9 })
      const [entry] = await messages.read(roomId, 1, 1)
      expect(entry).toEqual({
        seq: 1,
        sentAt: 1,
        from: { user: 'ana', name: 'Deleted user' },
        removed: { by: 'first', at: 5 },
      })
    })

    it('exists, and is no removal', async () => {
      const { messages } = stores()
      const roomId = fresh('room')
      await messages.put(roomId, { seq: 1, sentAt: 1, from: by, removes: [], removesOf: 'bob', upTo: 1 })
      expect(await messages.disown(roomId, 1, 'Deleted user')).toBe(false)
      expect(await messages.disown(roomId, 2, 'Deleted user')).toBe(false)
      expect(await messages.read(roomId, 1, 9)).toEqual([
        { seq: 1, sentAt: 1, from: by, removes: [], removesOf: 'bob', upTo: 1 },
      ])
    })
  })
}
