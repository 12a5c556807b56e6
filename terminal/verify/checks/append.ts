import type { Message } from '../../../client/index.ts'
import { type Check, judged, some } from '../check.ts'
import { readLog, same } from '../log.ts'
import { Sender } from '../sender.ts'

/** Messages of concurrent senders, whose connections are cut and who send again. */
export const append: Check = {
  expects: {
    'append.dense': 'positions 1, 2, 3 … without a hole',
    'append.once': 'each message once, however often it was sent',
    'append.kept': 'each acknowledged message at its position',
    'append.readers': 'the same log for every reader',
    'append.clock': 'sentAt never goes back',
  },

  async run(site) {
    const room = await site.room('append')
    const { talkers } = site
    const senders = talkers.map((person) => new Sender(site, person, room))
    await Promise.all(senders.map((sender) => sender.say(site.settings.messages)))

    const logs: Message[][] = []
    for (const person of talkers) logs.push(await readLog(await site.connect(person), room.roomId))
    const reader = await site.connect(site.person(0))
    const { messages } = await reader.ask('join', { roomId: room.roomId, after: 0 })
    const [log = []] = logs

    const acknowledged = senders.flatMap(({ acknowledged }) => [...acknowledged])
    const places = new Map(log.map(({ text, seq }) => [text, seq]))
    const holes = log.filter(({ seq }, at) => seq !== at + 1).map(({ seq }) => seq)
    const texts = log.map(({ text }) => text)
    const doubled = texts.filter((text, at) => texts.indexOf(text) !== at)
    const lost = acknowledged.filter(([text, seq]) => places.get(text) !== seq).map(([text]) => text)
    const different = [...logs, messages].filter((other) => !agree(other, log))
    const backwards = log.filter(({ sentAt }, at) => sentAt < (log[at - 1]?.sentAt ?? '')).map(({ seq }) => seq)
    const contradictions = senders.flatMap((sender) => sender.contradictions)
    const sum = (figure: 'cuts' | 'tries') => senders.reduce((total, sender) => total + sender[figure], 0)

    const isDense = holes.length === 0 && log.length === acknowledged.length
    return {
      'append.dense': judged(
        isDense,
        `${log.length} entries, ${acknowledged.length} sent, holes ${some(holes, log.length)}`,
      ),
      'append.once': judged(
        doubled.length + contradictions.length === 0,
        `doubled ${some([...doubled, ...contradictions], log.length)}; ${sum('tries')} tries, ${sum('cuts')} cuts`,
      ),
      'append.kept': judged(lost.length === 0, `lost or moved ${some(lost, acknowledged.length)}`),
      'append.readers': judged(different.length === 0, `${different.length} of ${logs.length + 1} readings differ`),
      'append.clock': judged(backwards.length === 0, `backwards ${some(backwards, log.length)}`),
    }
  },
}

/** Whether a reading is the log, or the first page of it. */
const agree = (reading: readonly Message[], log: readonly Message[]): boolean =>
  (reading.length === log.length || reading.length >= 200) &&
  reading.every((entry, at) => same(entry) === same(log[at]))
