import type { Message } from '../../../client/index.ts'
import { type Check, judged } from '../check.ts'
import { same } from '../log.ts'

/** Fits the burst that one author is allowed. */
const missed = 5

/** Somebody whose connection was cut comes back with the last position, while more is said. */
export const resume: Check = {
  expects: {
    'resume.page': 'join with `after` brings exactly what followed',
    'resume.live': 'what is said from then on comes as well, without a gap',
  },

  async run(site) {
    const room = await site.room('resume')
    const { roomId } = room
    const author = await site.joined(site.person(0), room)
    const said: Message[] = []
    const say = async (count: number) => {
      for (let nr = 0; nr < count; nr++) {
        const { message } = await author.ask('send', { roomId, text: `resume ${said.length}` })
        said.push(message)
      }
    }
    const lost = await site.joined(site.person(1), room)
    await say(2)
    await lost.until(() => lost.heard.length === 2)
    lost.cut()
    await say(missed)

    const back = await site.connect(site.person(1))
    const { after, before } = { after: said[1]?.seq ?? 0, before: said.length }
    const [page] = await Promise.all([back.ask('join', { roomId, after }), say(missed)])
    const last = page.messages.at(-1)?.seq ?? after
    const behind = () => new Set(back.heard.map(({ entry }) => entry.seq).filter((seq) => seq > last))
    await back.ask('hello')
    await back.until(() => behind().size >= (said.at(-1)?.seq ?? 0) - last, site.settings.settleMs)

    // What was said while the page was made is in the page, or comes as a push, or both.
    const wanted = said.filter(({ seq }) => seq > after && seq <= Math.max(last, said[before - 1]?.seq ?? 0))
    const isExact = page.complete && page.messages.map(same).join() === wanted.map(same).join()
    const missing = said.filter(({ seq }) => seq > last && !behind().has(seq)).map(({ seq }) => seq)
    const range = `${page.messages.length} messages, ${page.messages[0]?.seq ?? '–'} to ${last}, after ${after}`
    return {
      'resume.page': judged(isExact, isExact ? range : `${range}; expected ${wanted.map(({ seq }) => seq).join(' ')}`),
      'resume.live': judged(
        missing.length === 0,
        `${behind().size} pushed behind ${last}; missing ${missing.join(' ') || 'none'}`,
      ),
    }
  },
}
