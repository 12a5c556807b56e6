import { ConnectionError } from '../../client/index.ts'
import { tabStorage } from '../storage.ts'
import { jsonFrom } from './answer.ts'
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

/** Kept in the tab while the user is at the issuer. */
interface Asked {
  state: string
  verifier: string
}

const tokensKey = 'persistent-chat/tokens'
const askedKey = 'persistent-chat/asked'

/** A token is renewed when it has less than this left, in milliseconds. */
const marginMs = 60_000

const here = () => `${location.origin}/`

/** Leads away to the issuer, which leads back with a code: OAuth's authorization code with PKCE. */
export async function leadToIssuer({ issuer, clientId }: Issuer): Promise<void> {
  if (!isSecureContext) throw new Error('A page without TLS cannot sign you in. Open it by https.')
  const { authorization_endpoint } = await endpointsOf(issuer)
  const asked: Asked = { state: randomText(), verifier: randomText() }
  const { state, verifier } = asked
  if (!tabStorage.write(askedKey, asked))
    throw new Error('Your browser does not let this page store anything. Allow it, and sign in then.')
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
  const asked = tabStorage.read<Asked>(askedKey)
  if (asked && answer.has('state')) {
    tabStorage.remove(askedKey)
    history.replaceState(null, '', here())
    const { state, verifier } = asked
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
      const { id_token, refresh_token } = keptTokens() ?? {}
      if (id_token === undefined) throw new ConnectionError('You are signed out.', 'unauthorized')
      if (expiryOf(id_token) - Date.now() > marginMs) return id_token
      if (refresh_token === undefined)
        throw new ConnectionError('The sign-in has ended and cannot be renewed.', 'unauthorized')
      return (await ask(source, { grant_type: 'refresh_token', refresh_token })).id_token
    },
    signOut: () => tabStorage.remove(tokensKey),
  }
}

async function ask({ issuer, clientId }: Issuer, fields: Record<string, string>): Promise<Tokens> {
  const { token_endpoint } = await endpointsOf(issuer)
  const body = new URLSearchParams({ ...fields, client_id: clientId })
  const refusal = (_: string, status: number) => `The issuer gave no token (${status}).`
  const answer = await jsonFrom<Tokens>(token_endpoint, refusal, { method: 'POST', body })
  // A renewal may keep the refresh token that there is.
  const tokens = { ...keptTokens(), ...answer }
  tabStorage.write(tokensKey, tokens)
  return tokens
}

function endpointsOf(issuer: string): Promise<Endpoints> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  return jsonFrom(address, () => `The issuer ${issuer} does not say how to sign in.`)
}

const keptTokens = () => tabStorage.read<Tokens>(tokensKey)

/** In milliseconds since 1970; 0 where it cannot be read. */
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
