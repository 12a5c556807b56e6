/** Pages at other origins that may use the local run. */
export interface Origins {
  /** Exact origins, for example `http://localhost:5173`. */
  listed: readonly string[]
  /** Whether every page that this machine serves may use the local run, at any port. */
  thisMachine: boolean
}

const loopback = String.raw`(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?`
const loopbackHost = new RegExp(`^${loopback}$`, 'i')
const loopbackOrigin = new RegExp(`^https?://${loopback}$`)

/** Whether a Host header is a loopback name; the DNS of an attacker can point any other name at this machine. */
export const isLoopbackHost = (host: string): boolean => loopbackHost.test(host)

export const isLoopbackOrigin = (origin: string): boolean => loopbackOrigin.test(origin)

/**
 * Reads origins separated by commas; `*` means every page of this machine.
 *
 * @throws Error with one sentence that names ORIGINS and the invalid item
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
