import { type Check, judged, unknown } from '../check.ts'
import type { Connection } from '../connection.ts'

/** A person needs more connections than this only where somebody changed the server. */
const mostConnections = 60

/** One connection more than a user may have. */
export const eviction: Check = {
  expects: {
    'oldest connection': 'told goaway with the reason replaced, then closed',
    'other connections': 'stay open and are told nothing',
  },

  async run(site) {
    const limit = site.hello?.limits.connectionsPerUser
    if (typeof limit !== 'number' || limit > mostConnections) {
      const seen = unknown(`the limit is ${String(limit)}`)
      return { 'oldest connection': seen, 'other connections': seen }
    }
    const person = site.person(1)
    const oldest = await site.connect(person)
    const others: Connection[] = []
    while (others.length < limit - 1) others.push(await site.connect(person))
    const tooEarly = reasonOf(oldest)
    others.push(await site.connect(person))
    await oldest.until(() => oldest.code !== undefined)
    await Promise.all(others.map((other) => other.ask('hello')))
    const disturbed = others.filter((other) => reasonOf(other) !== undefined)
    const told = reasonOf(oldest) === undefined ? 'nothing' : `"${reasonOf(oldest)}"`
    const end = oldest.code === undefined ? 'still open' : `closed with ${oldest.code}`
    const early = tooEarly === undefined ? '' : ', too early'
    return {
      'oldest connection': judged(
        reasonOf(oldest) === 'replaced' && oldest.code !== undefined && tooEarly === undefined,
        `told ${told}${early}, ${end}, with ${limit + 1} connections`,
      ),
      'other connections': judged(
        disturbed.length === 0,
        `${others.length - disturbed.length} of ${others.length} open`,
      ),
    }
  },
}

const reasonOf = ({ pushes }: Connection): string | undefined => {
  const goaway = pushes.find(({ type }) => type === 'goaway')
  return goaway && String(goaway.reason)
}
