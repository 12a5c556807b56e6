import { type Check, unknown } from '../check.ts'

/** Codes of the gateway that nothing in these checks brings about for certain. */
const rare = [1001, 1008, 1012]

/** The close codes of the whole verification. It comes last. */
export const closings: Check = {
  expects: { 'close codes': '1001 old or silent, 1008 throttled, 1012 restart, where they come' },

  async run({ codes }) {
    const seen = [...codes].sort(([one], [other]) => one - other).map(([code, count]) => `${code} ×${count}`)
    const missing = rare.filter((code) => !codes.has(code))
    return { 'close codes': unknown(`${seen.join(', ') || 'none'}; not seen: ${missing.join(', ') || 'none'}`) }
  },
}
