import { Token } from 'aws-cdk-lib/core'
import { isFetchable, keySetOf } from './token-keys.ts'

/** The accepted tokens: of an OpenID Connect issuer, or signed with configured keys. */
export interface AcceptedTokens {
  /**
   * URL of the issuer, which serves its keys unless `keys` names others.
   * @default - a user pool, which the chat creates; with `keys`, the `iss` claim of a token is not looked at
   */
  issuer?: string | undefined
  /**
   * The audiences whose tokens are accepted: the `aud` claim, or the client of an access token of Cognito. The web page
   * signs in as the first of them. An issuer needs one.
   * @default - the client of the user pool; with `keys`, the `aud` claim of a token is not looked at
   */
  audience?: string | readonly string[] | undefined
  /**
   * The keys of the tokens: the URL of a JSON Web Key Set, a key set as JSON, or public keys in PEM.
   * @default - those that the issuer's OpenID Connect document names
   */
  keys?: string | undefined
  /**
   * Clients that have tokens for themselves and for no user. Each is the user `service:<client>`.
   * @default - none
   */
  services?: readonly string[] | undefined
}

/** One issuer of several. */
export interface NamedIssuer extends AcceptedTokens {
  issuer: string
  audience: string | readonly string[]
  keys?: undefined
}

/** Issuers by their short names. */
export type OtherIssuers = Readonly<Record<string, NamedIssuer>>

export const audiencesOf = ({ audience = [] }: AcceptedTokens): string[] => [audience].flat()

/** Whether the settings name a signer of tokens. Otherwise the chat creates a user pool. */
export const namesSigners = (tokens: AcceptedTokens | undefined): boolean =>
  tokens?.issuer !== undefined || tokens?.keys !== undefined

// A value of another resource is unknown until deployment: it passes.

export function checkTokens(tokens: AcceptedTokens): void {
  const { issuer, keys } = tokens
  const audiences = audiencesOf(tokens)
  if (issuer !== undefined) checkIssuer('"issuer"', issuer)
  if (issuer !== undefined && keys === undefined && audiences.length === 0) {
    throw new Error('"audience" must not be empty where "issuer" is set.')
  }
  if (!namesSigners(tokens) && audiences.length > 0) {
    throw new Error('"audience" is set without an "issuer" or "tokenKeys": the user pool has its own.')
  }
  if (keys !== undefined && !Token.isUnresolved(keys)) keySetOf(keys)
  checkClients(tokens)
}

/** The name stands in every id of the issuer's users, and must not look like the kind of a principal. */
const shortName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/

export function checkOtherIssuers(issuers: OtherIssuers, first: string | undefined): void {
  const names = Object.keys(issuers)
  for (const name of names) {
    if (shortName.test(name)) continue
    throw new Error(`An issuer is named "${name}": a name has up to 32 letters, digits, "-" and "_".`)
  }
  const twice = names.find((name, at) => names.slice(0, at).some((other) => isSame(other, name)))
  if (twice !== undefined) throw new Error(`Two issuers are named "${twice}", if capital letters do not count.`)
  const urls = [first, ...Object.values(issuers).map(({ issuer }) => issuer)].filter((url) => url !== undefined)
  const same = urls.find((url, at) => urls.indexOf(url) !== at)
  if (same !== undefined) throw new Error(`"issuer" holds "${same}" twice: its users would have two ids.`)
  for (const [name, issuer] of Object.entries(issuers)) {
    checkIssuer(`The issuer "${name}"`, issuer.issuer)
    if (audiencesOf(issuer).length === 0) {
      throw new Error(`The issuer "${name}" has no audience: add ${name}=<audience> to "audience".`)
    }
    checkClients(issuer)
  }
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

function checkIssuer(subject: string, issuer: string): void {
  if (Token.isUnresolved(issuer) || isFetchable(issuer)) return
  throw new Error(`${subject} must be an https:// URL, as its keys are fetched from there; it is "${issuer}".`)
}

/** Commas separate them where the functions read them, and `|` ends the name of an issuer in an id. */
function checkClients(tokens: AcceptedTokens): void {
  for (const audience of audiencesOf(tokens)) checkWord('audience', audience, /^[^,]+$/)
  for (const client of tokens.services ?? []) checkWord('services', client, /^[^\s,|]{1,80}$/)
}

function checkWord(name: string, value: string, allowed: RegExp): void {
  if (value.trim() === '') throw new Error(`"${name}" must not be empty.`)
  if (!Token.isUnresolved(value) && !allowed.test(value))
    throw new Error(`"${name}" holds "${value}", which has no use.`)
}
