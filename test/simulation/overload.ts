import { rates } from '../../lambdas/budgets.ts'
import { runAlone } from './campaign.ts'
import { type FaultPlan, NO_FAULTS } from './faults.ts'
import type { Violation } from './history.ts'
import { Room } from './room.ts'

const authors = 100
/** An author gives a message up after this time. */
const timeoutMs = 5000
/** Each of these authors sends one message a second, during the overload and afterwards. */
const regulars = 4

export interface Timing {
  startedAt: number
  /** Milliseconds until the acknowledgement; infinite for a message that was given up. */
  tookMs: number
}

export interface Overload {
  room: Room
  violations: Violation[]
  /** The messages of the overload, and those of the authors who go on afterwards. */
  crowd: Timing[]
  regular: Timing[]
}

/** A crowd sends at a rate until `loadEndsAt`, regardless of the replies; some authors go on until `endsAt`. */
export async function overload(
  plan: Partial<FaultPlan> & { seed: number },
  perSecond: number,
  loadEndsAt: number,
  endsAt: number,
): Promise<Overload> {
  const room = new Room({ ...NO_FAULTS, messagesEach: 0, pauseMs: 0, rates, ...plan, authors: 0 })
  const { time, chance } = room
  const [crowd, regular]: [Promise<Timing>[], Promise<Timing>[]] = [[], []]
  const overloadRoom = async () => {
    for (let nr = 0; time.now < loadEndsAt; nr++) {
      await time.sleep((-Math.log(1 - chance.draw()) * 1000) / perSecond)
      crowd.push(send(room, `a${nr % authors}`, nr))
    }
  }
  const sendRegularly = async () => {
    for (let nr = 0; time.now < endsAt; nr++) {
      await time.sleep(1000 / regulars)
      regular.push(send(room, `regular${nr % regulars}`, nr))
    }
  }
  const sending = [overloadRoom(), sendRegularly()]
  const violations = await runAlone(room)
  await Promise.all(sending)
  return { room, violations, crowd: await Promise.all(crowd), regular: await Promise.all(regular) }
}

/** Sends one message as a client does, until it is acknowledged or given up. */
async function send(room: Room, user: string, nr: number): Promise<Timing> {
  const { time, history, counts, table, chance } = room
  const startedAt = time.now
  const text = `${user}#${nr}`
  const draft = { author: { user, name: user }, body: { text }, clientMessageId: `m${nr}`, after: table.head }
  history.sent(text, user, draft.clientMessageId)
  counts.count('message')
  let undecided = false
  for (let attempt = 1; time.now < startedAt + timeoutMs; attempt++) {
    const reply = await room.ask(draft, attempt)
    if (reply.kind === 'stored') return { startedAt, tookMs: time.now - startedAt }
    undecided ||= reply.kind !== 'refused' || reply.code !== 'rate_limited'
    const retryAfterMs = reply.kind === 'refused' ? reply.retryAfterMs : undefined
    await time.sleep(retryAfterMs ?? chance.between(0, 200 * attempt))
    if (!undecided) draft.after = table.head
  }
  return { startedAt, tookMs: Number.POSITIVE_INFINITY }
}
