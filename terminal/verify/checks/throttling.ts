import { type Check, judged, unknown } from '../check.ts'
import { shown } from '../frame.ts'

/** Many pings at once, which the gateway answers alone: what it says of those that are too many. */
export const throttling: Check = {
  expects: { 'throttled frame': 'a frame of the gateway, or the connection closed with 1008' },

  async run(site) {
    const { flood } = site.settings
    if (flood === 0) return { 'throttled frame': unknown('not tried, since --flood is 0') }
    const connection = await site.connect(site.person(0))
    for (let nr = 0; nr < flood; nr++) connection.send('{"action":"ping"}')
    await connection.until(() => connection.others.length >= flood, site.settings.settleMs)
    const refused = connection.others.filter(({ ok }) => ok !== true)
    const answered = connection.others.length - refused.length
    const end = connection.code === undefined ? 'the connection stays open' : `closed with ${connection.code}`
    if (refused.length === 0 && connection.code === undefined)
      return { 'throttled frame': unknown(`${answered} of ${flood} pings were answered, none was throttled`) }
    const words = [...new Set(refused.map(shown))].join(' and ') || 'no frame'
    return {
      'throttled frame': judged(
        connection.code === undefined || connection.code === 1008,
        `${words}, ${refused.length} times of ${flood}; ${end}`,
      ),
    }
  },
}
