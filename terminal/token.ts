/** `CHAT_TOKEN` where it is set; else the local run is asked for one, which anything else refuses. */
export async function tokenFor(url: string, claims: Record<string, string>): Promise<string> {
  const { CHAT_TOKEN: given } = process.env
  if (given) return given
  const { origin } = new URL(url.replace(/^ws/, 'http'))
  const response = await fetch(`${origin}/token?${new URLSearchParams(claims)}`).catch(() => undefined)
  if (!response?.ok) throw new Error('Set CHAT_TOKEN to a token of the issuer that the deployment trusts.')
  return response.text()
}

/** The last words of a program that cannot go on. */
export function fail(why: unknown): never {
  process.stderr.write(`${why instanceof Error ? why.message : String(why)}\n`)
  process.exit(1)
}
