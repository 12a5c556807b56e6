import { Failure, reasonOf } from './command/failure.ts'

/** `CHAT_TOKEN` if it is set; otherwise a token of the local run. Deployments give none. */
export async function tokenFor(url: string, claims: Record<string, string>): Promise<string> {
  const given = process.env.CHAT_TOKEN?.trim()
  if (given) return given
  const missing = 'Set CHAT_TOKEN to a token of the issuer that the deployment trusts.'
  return localToken(url, claims, new Failure(missing, 'unauthorized'))
}

/** A token of the local run. Rejects with `refusal` if there is none at the address. */
export async function localToken(url: string, claims: Record<string, string>, refusal: Failure): Promise<string> {
  const { origin } = new URL(url.replace(/^ws/, 'http'))
  const response = await fetch(`${origin}/token?${new URLSearchParams(claims)}`).catch((error: unknown) => {
    throw new Failure(reasonOf(error), 'unreachable')
  })
  if (response.status >= 500 || response.status === 429)
    throw new Failure(`the server answers ${response.status}`, 'unreachable')
  if (response.ok) return response.text()
  throw refusal
}
