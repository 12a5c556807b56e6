/** The part of `fetch` that is used. */
type Fetch = (url: string, options: object) => Promise<unknown>

/**
 * Whether anything answers at the address, by a request whose answer nobody has to be allowed to read. It takes no
 * token along. Resolves with false where the platform has no `fetch`.
 */
export async function isReachable(url: string): Promise<boolean> {
  const { fetch } = globalThis as { fetch?: Fetch }
  if (!fetch) return false
  const options = { mode: 'no-cors', cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' }
  await fetch(url.replace(/^ws/i, 'http').replace(/\?.*$/, ''), options)
  return true
}
