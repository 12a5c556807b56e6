import { ConnectionError } from '../../client/index.ts'
import { tabStorage } from '../storage.ts'
import type { Person } from './person.ts'
import { jsonFrom } from './response.ts'

/** An OpenID Connect issuer, and the id of this page there. */
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

/** Stored in the tab while the user signs in at the issuer. */
interface SignInRequest {
  state: string
  verifier: string
}

const tokensKey = 'persistent-chat/tokens'
const requestKey = 'persistent-chat/asked'

/** A token is renewed if it expires within this many milliseconds. */
const marginMs = 60_000

const pageUrl = () => `${location.origin}/`

/** Redirects to the issuer, which redirects back with a code: OAuth's authorization code flow with PKCE. */
export async function redirectToIssuer({ issuer, clientId }: Issuer): Promise<void> {
  if (!isSecureContext) throw new Error('A page without TLS cannot sign you in. Open it by https.')
  const { authorization_endpoint } = await endpointsOf(issuer)
  const request: SignInRequest = { state: randomText(), verifier: randomText() }
  const { state, verifier } = request
  if (!tabStorage.write(requestKey, request))
    throw new Error('Your browser does not let this page store data. Allow it, then sign in.')
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: pageUrl(),
    scope: 'openid profile email',
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  })
  location.assign(`${authorization_endpoint}?${query}`)
}

/** The user who has come back from the issuer, or has signed in earlier in this tab. */
export async function personOf(source: Issuer): Promise<Person | undefined> {
  const answer = new URLSearchParams(location.search)
  const request = tabStorage.read<SignInRequest>(requestKey)
  if (request && answer.has('state')) {
    tabStorage.remove(requestKey)
    history.replaceState(null, '', pageUrl())
    const { state, verifier } = request
    const code = answer.get('code')
    if (answer.get('state') !== state) throw new Error('This sign-in was not started in this tab. Start it again.')
    if (code === null) throw new Error(answer.get('error_description') ?? 'The sign-in was refused.')
    await fetchTokens(source, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: pageUrl(),
      code_verifier: verifier,
    })
  }
  return storedTokens() === undefined ? undefined : personWith(source)
}

function personWith(source: Issuer): Person {
  return {
    async token() {
      const { id_token, refresh_token } = storedTokens() ?? {}
      if (id_token === undefined) throw new ConnectionError('You are signed out.', 'unauthorized')
      if (expiryOf(id_token) - Date.now() > marginMs) return id_token
      if (refresh_token === undefined)
        throw new ConnectionError('The sign-in has ended and cannot be renewed.', 'unauthorized')
      return (await fetchTokens(source, { grant_type: 'refresh_token', refresh_token })).id_token
    },
    signOut: () => tabStorage.remove(tokensKey),
  }
}

async function fetchTokens({ issuer, clientId }: Issuer, fields: Record<string, string>): Promise<Tokens> {
  const { token_endpoint } = await endpointsOf(issuer)
  const body = new URLSearchParams({ ...fields, client_id: clientId })
  const refusal = (_: string, status: number) => `The issuer gave no token (${status}).`
  const answer = await jsonFrom<Tokens>(token_endpoint, refusal, { method: 'POST', body })
  // A renewal need not return a new refresh token.
  const tokens = { ...storedTokens(), ...answer }
  tabStorage.write(tokensKey, tokens)
  return tokens
}

function endpointsOf(issuer: string): Promise<Endpoints> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  return jsonFrom(address, () => `The issuer ${issuer} has no sign-in configuration.`)
}

const storedTokens = () => tabStorage.read<Tokens>(tokensKey)

/** The end of a token in milliseconds since 1970; 0 if it cannot be read. */
function expiryOf(token: string): number {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const { exp }: { exp?: number } = JSON.parse(atob(payload))
    return (exp ?? 0) * 1000
  } catch {
    return 0
  }
}

const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)))

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
