import type { Person } from './person.ts'

/** Who signs people in, and the id that it knows this page by. */
export interface Issuer {
  issuer: string
  clientId: string
}

interface Endpoints {
  authorization_endpoint: string
  token_endpoint: string
  end_session_endpoint?: string
}

interface Tokens {
  id_token: string
  refresh_token?: string
}

const tokensKey = 'persistent-chat/tokens'
const askedKey = 'persistent-chat/asked'

/** A token is renewed when it has less than this left, in milliseconds. */
const marginMs = 60_000

const here = () => `${location.origin}/`

/** Leads away to the issuer, which leads back with a code: OAuth's authorization code with PKCE. */
export async function leadToIssuer({ issuer, clientId }: Issuer): Promise<void> {
  const { authorization_endpoint } = await endpointsOf(issuer)
  const [state, verifier] = [randomText(), randomText()]
  sessionStorage.setItem(askedKey, JSON.stringify({ state, verifier }))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: here(),
    scope: 'openid profile email',
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  })
  location.assign(`${authorization_endpoint}?${query}`)
}

/** The person who came back from the issuer, or was here before in this tab; nothing for anybody else. */
export async function personOf(source: Issuer): Promise<Person | undefined> {
  const answer = new URLSearchParams(location.search)
  const asked = sessionStorage.getItem(askedKey)
  if (asked !== null && answer.has('state')) {
    sessionStorage.removeItem(askedKey)
    history.replaceState(null, '', here())
    const { state, verifier }: { state: string; verifier: string } = JSON.parse(asked)
    const code = answer.get('code')
    if (answer.get('state') !== state) throw new Error('This sign-in was not begun in this tab. Begin it again.')
    if (code === null) throw new Error(answer.get('error_description') ?? 'The sign-in was refused.')
    await ask(source, { grant_type: 'authorization_code', code, redirect_uri: here(), code_verifier: verifier })
  }
  return keptTokens() === undefined ? undefined : bearer(source)
}

function bearer(source: Issuer): Person {
  return {
    async token() {
      const tokens = keptTokens()
      if (tokens === undefined) throw new Error('You are signed out.')
      if (expiryOf(tokens.id_token) - Date.now() > marginMs) return tokens.id_token
      const { refresh_token } = tokens
      if (refresh_token === undefined) throw new Error('Your sign-in has ended. Sign in again.')
      return (await ask(source, { grant_type: 'refresh_token', refresh_token })).id_token
    },
    signOut: () => sessionStorage.removeItem(tokensKey),
  }
}

async function ask({ issuer, clientId }: Issuer, fields: Record<string, string>): Promise<Tokens> {
  const { token_endpoint } = await endpointsOf(issuer)
  const body = new URLSearchParams({ ...fields, client_id: clientId })
  const response = await fetch(token_endpoint, { method: 'POST', body })
  if (!response.ok) throw new Error(`The issuer gave no token (${response.status}). Sign in again.`)
  const answer: Tokens = await response.json()
  // A renewal may keep the refresh token that there is.
  const tokens = { ...keptTokens(), ...answer }
  sessionStorage.setItem(tokensKey, JSON.stringify(tokens))
  return tokens
}

async function endpointsOf(issuer: string): Promise<Endpoints> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  if (!response.ok) throw new Error(`The issuer ${issuer} does not say how to sign in.`)
  const endpoints: Endpoints = await response.json()
  return endpoints
}

function keptTokens(): Tokens | undefined {
  const text = sessionStorage.getItem(tokensKey)
  if (text === null) return undefined
  const tokens: Tokens = JSON.parse(text)
  return tokens
}

function expiryOf(token: string): number {
  const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
  const { exp }: { exp?: number } = JSON.parse(atob(payload))
  return (exp ?? 0) * 1000
}

const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)))

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
