/** The part of `fetch` that is used. */
type Fetch = (url: string, options: object) => Promise<unknown>

/**
 * Whether a server answers at the URL. The request works across origins and sends no token. Resolves with false if the
 * platform has no `fetch`.
 */
export async function isReachable(url: string): Promise<boolean> {
  const { fetch } = globalThis as { fetch?: Fetch }
  if (!fetch) return false
  const options = { mode: 'no-cors', cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' }
  await fetch(url.replace(/^ws/i, 'http').replace(/\?.*/, ''), options)
  return true
}
