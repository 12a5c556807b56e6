import { rates } from '../../lambdas/budgets.ts'
import { runAlone } from './campaign.ts'
import { CALM, type Weather } from './faults.ts'
import type { Violation } from './history.ts'
import { Room } from './room.ts'

const authors = 100
/** How long somebody goes on trying to get a message out. */
const patienceMs = 5000
/** A few who say something every second, while the crowd is there and afterwards. */
const residents = 4

export interface Told {
  startedAt: number
  /** Milliseconds until it was acknowledged; for ever when it was given up. */
  tookMs: number
}

export interface Overload {
  room: Room
  violations: Violation[]
  /** The messages of the crowd, and those of the few who stay. */
  crowd: Told[]
  few: Told[]
}

/** A crowd that says so many a second for a while, whatever becomes of them, and a few who stay longer. */
export async function overload(
  weather: Partial<Weather> & { seed: number },
  perSecond: number,
  loadEndsAt: number,
  endsAt: number,
): Promise<Overload> {
  const room = new Room({ ...CALM, messagesEach: 0, pauseMs: 0, rates, ...weather, authors: 0 })
  const { time, chance } = room
  const [crowd, few]: [Promise<Told>[], Promise<Told>[]] = [[], []]
  const talk = async () => {
    for (let nr = 0; time.now < loadEndsAt; nr++) {
      await time.sleep((-Math.log(1 - chance.draw()) * 1000) / perSecond)
      crowd.push(tell(room, `a${nr % authors}`, nr))
    }
  }
  const stay = async () => {
    for (let nr = 0; time.now < endsAt; nr++) {
      await time.sleep(1000 / residents)
      few.push(tell(room, `resident${nr % residents}`, nr))
    }
  }
  const talking = [talk(), stay()]
  const violations = await runAlone(room)
  await Promise.all(talking)
  return { room, violations, crowd: await Promise.all(crowd), few: await Promise.all(few) }
}

/** Sends one message as a client does until it is acknowledged or nobody wants to wait any longer. */
async function tell(room: Room, user: string, nr: number): Promise<Told> {
  const { time, history, tally, table, chance } = room
  const startedAt = time.now
  const text = `${user}#${nr}`
  const draft = { author: { user, name: user }, body: { text }, clientMessageId: `m${nr}`, after: table.head }
  history.sent(text, user, draft.clientMessageId)
  tally.count('message')
  let undecided = false
  for (let attempt = 1; time.now < startedAt + patienceMs; attempt++) {
    const reply = await room.ask(draft, attempt)
    if (reply.kind === 'stored') return { startedAt, tookMs: time.now - startedAt }
    undecided ||= reply.kind !== 'refused' || reply.code !== 'rate_limited'
    const told = reply.kind === 'refused' ? reply.retryAfterMs : undefined
    await time.sleep(told ?? chance.between(0, 200 * attempt))
    if (!undecided) draft.after = table.head
  }
  return { startedAt, tookMs: Number.POSITIVE_INFINITY }
}
