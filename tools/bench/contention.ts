import { startLocalRun } from '../../test/support/local-run/local-run.ts'
import { consumed } from './consumption.ts'
import { closeAll, joinedRoom, textOf } from './members.ts'
import { watchProcessors } from './processors.ts'
import { progress } from './progress.ts'
import { atRate } from './rate.ts'
import { rounded, table, verdict } from './report.ts'

/** So many that the rate of the room is reached before the rate of an author. */
const senders = 12

const rates = [
  { perSecond: 1, seconds: 100, most: 1.02 },
  { perSecond: 20, seconds: 10, most: 1.12 },
  { perSecond: 50, seconds: 10, most: 1.3 },
]

/** The puts for each message when several people send to one room at the same time. */
export async function contention(): Promise<string> {
  const run = await startLocalRun()
  try {
    const { roomId, members } = await joinedRoom(run, senders)
    let head = 0
    const exchange = async (perSecond: number, seconds: number): Promise<number> => {
      const replies = await atRate(perSecond, perSecond * seconds, async (number) => {
        const author = members[number % senders]
        const draft = { text: textOf(number), clientMessageId: `${perSecond}-${seconds}-${number}`, after: head }
        const reply = await author?.request('send', { roomId, ...draft })
        head = Math.max(head, reply?.message?.seq ?? 0)
        return reply?.ok === true
      })
      return replies.filter(Boolean).length
    }
    progress('contention: warming up')
    await exchange(50, 3)
    const rows = []
    for (const { perSecond, seconds, most } of rates) {
      progress(`contention: ${perSecond} messages a second for ${seconds} s`)
      let stored = 0
      const busy = watchProcessors()
      const used = await consumed(run, 1, async () => {
        stored = await exchange(perSecond, seconds)
      })
      const puts = (used.calls.get('PutItem Messages') ?? 0) / stored
      const reads = (used.readUnits - used.rosterUnits) / stored
      const refused = perSecond * seconds - stored
      rows.push([perSecond, stored, refused, rounded(puts), verdict(puts, most), rounded(reads), busy()])
    }
    await closeAll(members)
    const columns = [
      'messages a second',
      'stored',
      'refused',
      'puts each',
      'target',
      'read units each, beside the roster',
      'processors busy, %',
    ]
    return table(columns, rows)
  } finally {
    await run.stop()
  }
}
