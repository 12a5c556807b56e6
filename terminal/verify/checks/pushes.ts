import type { Message } from '../../../client/index.ts'
import { type Check, judged, type Seen, unknown } from '../check.ts'
import type { Heard } from '../frame.ts'
import { readLog, same } from '../log.ts'
import { percentiles } from '../percentiles.ts'

/** How long a client waits for a message that was overtaken before it asks for it, see docs/protocol.md. */
const mendedMs = 300

interface Sent {
  text: string
  /** When it was sent, by the clock of this machine. */
  at: number
}

/** Messages that are sent one after the other, as they reach connections that stay open all the while. */
export const pushes: Check = {
  expects: {
    'push.order': 'in the order of their positions, rare overtaking apart',
    'push.once': 'each message once on a connection',
    'push.arrives': 'each message on each open connection',
    'push.same': 'the same message as in the log',
    'send-to-seen': 'milliseconds, without a verdict',
  },

  async run(site) {
    const room = await site.room('pushes')
    const { messages, settleMs, tolerance } = site.settings
    const authors = await Promise.all(site.talkers.map((person) => site.joined(person, room)))
    const listeners = await Promise.all(site.talkers.map((person) => site.joined(person, room)))
    const sent: Sent[] = []
    for (let nr = 0; nr < messages; nr++) {
      for (const [at, author] of authors.entries()) {
        const text = `push ${nr} of ${site.person(at).name}`
        let began = site.clock.now()
        await author.ask('send', { roomId: room.roomId, text }, () => {
          began = site.clock.now()
        })
        sent.push({ text, at: began })
      }
    }
    const texts = new Set(sent.map(({ text }) => text))
    // The answer to `hello` comes behind what was pushed before it.
    await Promise.all(listeners.map((listener) => listener.ask('hello')))
    await Promise.all(
      listeners.map((listener) =>
        listener.until(() => new Set(listener.heard.map(({ entry }) => entry.text)).size >= texts.size, settleMs),
      ),
    )
    const log = await readLog(authors[0] ?? (await site.connect(site.person(0))), room.roomId)
    const heardByEach = listeners.filter(({ code }) => code === undefined).map(({ heard }) => heard)
    return judgedPushes(log, sent, heardByEach, tolerance)
  },
}

/** The verdicts over what each open connection has heard of the messages of a log. */
export function judgedPushes(
  log: readonly Message[],
  sent: readonly Sent[],
  heardByEach: readonly (readonly Heard[])[],
  tolerance: number,
): Record<'push.order' | 'push.once' | 'push.arrives' | 'push.same' | 'send-to-seen', Seen> {
  const places = new Map(log.map((entry) => [entry.text, entry]))
  const expected = heardByEach.length * sent.length
  const heard = heardByEach.flat()
  const overtaken = heardByEach.flatMap((one) => overtakenIn(one, places))
  const late = overtaken.filter((ms) => ms > mendedMs)
  const doubled = heardByEach.flatMap((one) => one.filter(({ entry }, at) => at !== firstOf(one, entry.text)))
  const missing = heardByEach.flatMap((one) => sent.filter(({ text }) => firstOf(one, text) === -1))
  const different = heard.filter(({ entry }) => same(entry) !== same(places.get(entry.text)))
  const delays = sent.flatMap(({ text, at }) =>
    heard.filter(({ entry }) => entry.text === text).map((one) => one.at - at),
  )
  if (expected === 0) throw new Error('no connection stayed open')
  const rate = (count: number) => `${count} of ${expected}`
  const isRare = (count: number) => count <= expected * tolerance
  return {
    'push.order': judged(
      isRare(overtaken.length),
      `overtaken ${rate(overtaken.length)}${overtaken.length > 0 ? `, for ${Math.max(...overtaken)} ms at most` : ''}; ${late.length} too late`,
    ),
    'push.once': judged(isRare(doubled.length), `doubled ${rate(doubled.length)}`),
    'push.arrives': judged(isRare(missing.length), `missing ${rate(missing.length)}`),
    'push.same': judged(different.length === 0, `different ${rate(different.length)}`),
    'send-to-seen': unknown(delays.length > 0 ? percentiles(delays) : 'nothing was seen'),
  }
}

const firstOf = (heard: readonly Heard[], text: string | undefined): number =>
  heard.findIndex(({ entry }) => entry.text === text)

/** How many milliseconds each push came behind the first one with a later position. A push that comes twice is no part of it. */
function overtakenIn(heard: readonly Heard[], places: ReadonlyMap<string | undefined, Message>): number[] {
  const place = ({ entry }: Heard) => places.get(entry.text)?.seq ?? 0
  return heard.flatMap((one, at) => {
    if (firstOf(heard, one.entry.text) !== at) return []
    const overtaker = heard.slice(0, at).find((earlier) => place(earlier) > place(one))
    return overtaker ? [one.at - overtaker.at] : []
  })
}
