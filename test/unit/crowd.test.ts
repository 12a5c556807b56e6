import { calmBelow, isCrowded, mostAnnounced } from '../../lambdas/domain/crowd.ts'
import type { Session } from '../../lambdas/domain/sessions.ts'

const roomId = 'room'

/** So many users, each on two connections. */
const roster = (users: number): Session[] =>
  Array.from({ length: users * 2 }, (_, at) => ({
    roomId,
    connectionId: `connection ${at}`,
    user: `user ${Math.floor(at / 2)}`,
    name: '',
    canChat: true,
    isManager: false,
    isPresenter: false,
    logged: true,
    confirmed: true,
    joinedAt: at,
    expiresAt: 0,
  }))

function crowds() {
  let noted = false
  const calls = { read: 0, written: 0 }
  return {
    calls,
    isCrowded: async () => {
      calls.read++
      return noted
    },
    setCrowded: async (_: string, crowded: boolean) => {
      calls.written++
      noted = crowded
    },
  }
}

describe('a room', () => {
  it('is crowded above 75 participants, not at 75', async () => {
    const store = crowds()
    expect(await isCrowded(store, roomId, roster(mostAnnounced))).toBe(false)
    expect(await isCrowded(store, roomId, roster(mostAnnounced + 1))).toBe(true)
  })

  it('that was crowded stays so until it has fewer than 60', async () => {
    const store = crowds()
    for (const users of [76, 75, 61, calmBelow]) {
      if (users < 76) expect(await isCrowded(crowds(), roomId, roster(users))).toBe(false)
      expect(await isCrowded(store, roomId, roster(users))).toBe(true)
    }
    expect(await isCrowded(store, roomId, roster(calmBelow - 1))).toBe(false)
    expect(await isCrowded(store, roomId, roster(mostAnnounced))).toBe(false)
  })

  it('that is far from the thresholds reads and writes nothing to tell', async () => {
    const store = crowds()
    expect(await isCrowded(store, roomId, roster(20))).toBe(false)
    expect(await isCrowded(store, roomId, roster(200))).toBe(true)
    expect(store.calls).toEqual({ read: 0, written: 0 })
  })

  it('is noted as crowded once, not with every arrival', async () => {
    const store = crowds()
    for (const users of [76, 77, 78, 79]) await isCrowded(store, roomId, roster(users))
    expect(store.calls.written).toBe(1)
  })
})
