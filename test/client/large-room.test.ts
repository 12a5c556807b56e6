import { each, type Going, type Gone, lateRoom } from './simulated-room.ts'

const large: Going = { parts: 4, listeners: 500, orders: 80, crowded: true, late: 2000, isLost: () => false }

/** Expects that each listener has each message once and in order. */
function expectWhole({ views }: Gone, { parts, listeners, orders }: Going): void {
  const whole = Array.from({ length: orders * each }, (_, at) => at + 1).join()
  expect(views).toHaveLength(parts * listeners)
  for (const view of views) expect(view.join()).toBe(whole)
}

function mostWithin(ms: number, moments: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const slot of moments.map((at) => Math.floor(at / ms))) counts.set(slot, (counts.get(slot) ?? 0) + 1)
  return Math.max(...counts.values())
}

describe('the history of a large room', () => {
  it('is rarely read while all pushes arrive, even if they are late and out of order', async () => {
    const gone = await lateRoom(large)
    expectWhole(gone, large)
    expect(gone.overtakes).toBeGreaterThan(10 * 2000)
    expect(gone.asked.flat().length).toBeLessThan(2000 / 100)
  })

  it('is read once by each client that lost messages, at different moments', async () => {
    const going: Going = { ...large, late: 0, isLost: (order, part) => order === 10 && part === 1 }
    const gone = await lateRoom(going)
    expectWhole(gone, going)
    expect(gone.asked.map(({ length }) => length)).toEqual([0, 500, 0, 0])
    expect(mostWithin(100, gone.asked.flat())).toBeLessThan(500 / 10)
    expect(Math.max(...gone.missing.flat())).toBeLessThan(5000)
  })

  it('returns lost messages among late ones within the longest wait', async () => {
    const going: Going = { ...large, listeners: 100, late: 6000, isLost: (order, part) => (order + part) % 15 === 8 }
    const gone = await lateRoom(going)
    expectWhole(gone, going)
    expect(Math.max(...gone.missing.flat())).toBeLessThan(14_000)
  })
})

describe('the history of an ordinary room', () => {
  it('is read about 300 ms after a gap appears', async () => {
    const isLost: Going['isLost'] = (order) => order === 10
    const going: Going = { ...large, parts: 1, listeners: 20, crowded: false, late: 0, isLost }
    const gone = await lateRoom(going)
    expectWhole(gone, going)
    expect(gone.asked.flat()).toHaveLength(20)
    for (const longest of gone.missing.flat()) {
      expect(longest).toBeGreaterThanOrEqual(300)
      expect(longest).toBeLessThan(450)
    }
  })
})
