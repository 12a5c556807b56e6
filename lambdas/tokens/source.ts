import { decodeJwt } from 'jose'
import { env, type OtherIssuer } from '../bindings.ts'

/** A signer of tokens: an OpenID Connect issuer, or the owner of configured public keys. */
export interface TokenSource {
  /** The short name of an issuer that is not the first; part of every id and group that comes from it. */
  name?: string
  /** The `iss` of its tokens. A source of keys without an issuer takes tokens of any other. */
  issuer?: string
  /** The audiences that a token may be for; where keys were named, none may be, and then any will do. */
  audience: readonly string[]
  /** Address of a key set, or the key set itself as JSON. Without it, the issuer's own document says where it is. */
  keys?: string
  /** Clients that speak for no user. */
  services: readonly string[]
}

/** The first source, whose subjects are the ids of users, and all others. */
export type TokenSources = readonly [first: TokenSource, ...others: TokenSource[]]

/** @throws Error if a source would accept what it has not been told to accept */
export function sourcesFrom(environment: NodeJS.ProcessEnv): TokenSources {
  const [issuer, keys] = [environment[env.issuer], environment[env.tokenKeys]]
  const first: TokenSource = {
    ...(issuer && { issuer }),
    ...(keys && { keys }),
    audience: listIn(environment[env.audience]),
    services: listIn(environment[env.services]),
  }
  const others: OtherIssuer[] = JSON.parse(environment[env.otherIssuers] || '[]')
  const sources: TokenSources = [first, ...others]
  for (const source of sources) {
    if (!source.issuer && !source.keys) throw new Error('A source of tokens has neither an issuer nor keys.')
    if (!source.keys && source.audience.length === 0) throw new Error('An issuer has no audience.')
  }
  return sources
}

/** The items of a text in which commas separate them. */
export const listIn = (value = ''): string[] => value.split(',').filter(Boolean)

/**
 * The source whose keys must have signed a token: that of the issuer in the token, or the first one if the issuer is
 * unknown. The token is not trusted here, because it is then checked against the keys and the issuer of this source
 * alone. So a key cannot sign tokens of another source, even if both have a key with the same id.
 */
export function sourceOf([first, ...others]: TokenSources, token: string): TokenSource {
  const issuer = namedIssuer(token)
  return others.find((source) => issuer !== undefined && source.issuer === issuer) ?? first
}

function namedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}
