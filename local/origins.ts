/** Pages of other addresses that may use the run. */
export interface Origins {
  /** Exact origins, such as `http://localhost:5173`. */
  listed: readonly string[]
  /** Whether every page that this machine serves may use the run, at any port. */
  thisMachine: boolean
}

const loopback = String.raw`(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?`
const loopbackHost = new RegExp(`^${loopback}$`, 'i')
const loopbackOrigin = new RegExp(`^https?://${loopback}$`)

/** Whether a Host header names this machine by a loopback name, which no outsider can point at another machine. */
export const isLoopbackHost = (host: string): boolean => loopbackHost.test(host)

export const isLoopbackOrigin = (origin: string): boolean => loopbackOrigin.test(origin)

/**
 * Reads a list of origins that commas separate; `*` in it stands for every page of this machine.
 *
 * @throws Error with one sentence that names ORIGINS and the item which is no origin
 */
export function readOrigins(source: string): Origins {
  const items = source
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  const listed = items.filter((item) => item !== '*')
  const thisMachine = listed.length < items.length
  for (const item of listed) check(item, thisMachine)
  return { listed, thisMachine }
}

function check(item: string, thisMachine: boolean): void {
  const starred = item.includes('*')
  const url = !starred && /^https?:\/\//i.test(item) && URL.canParse(item) ? new URL(item) : undefined
  if (url?.origin !== item) {
    const meant = url?.origin ?? 'http://localhost:5173'
    const star = starred ? ', or * alone for every page of this machine' : ''
    throw new Error(`ORIGINS holds ${JSON.stringify(item)}, which is not an origin such as ${meant}${star}.`)
  }
  if (thisMachine && !isLoopbackOrigin(item)) {
    throw new Error(
      `ORIGINS holds * and ${item}: * is for pages of this machine, so name the pages one by one instead.`,
    )
  }
}
