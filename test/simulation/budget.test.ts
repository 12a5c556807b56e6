import { runAlone } from './campaign.ts'
import { NO_FAULTS } from './faults.ts'
import { Room } from './room.ts'

describe('The cost of an append without faults', () => {
  it.each([
    { perSecond: 1, puts: 1.02, reads: 1.6 },
    { perSecond: 5, puts: 1.05, reads: 3 },
    { perSecond: 20, puts: 1.12, reads: 7 },
    { perSecond: 50, puts: 1.35, reads: 15 },
  ])(
    'is at most $puts puts and $reads entries read at $perSecond messages a second',
    async ({ perSecond, puts, reads }) => {
      const authors = 10
      const pauseMs = (1000 * authors) / perSecond
      const room = new Room({ ...NO_FAULTS, seed: 1, authors, messagesEach: 400, pauseMs })
      expect(await runAlone(room)).toEqual([])
      const { counts } = room
      const each = (what: 'put' | 'entry read') => counts.of(what) / counts.of('message')
      process.stderr.write(`${perSecond} a second: ${each('put')} puts, ${each('entry read')} entries read\n`)
      const answered = counts.of('acknowledged') + counts.of('conflict') + counts.of('resync required')
      expect(answered).toBe(counts.of('message'))
      expect(each('put')).toBeLessThan(puts)
      expect(each('entry read')).toBeLessThan(reads)
    },
  )
})
