import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { charactersIn, isSafeText, isVisible } from '../protocol/text.ts'

/** The claims of a token. `exp` is in seconds since 1970. */
export interface TokenClaims {
  user: string
  name: string
  groups: string[]
  exp: number
}

/** Algorithms with a public key. Tokens with a shared secret or without a signature are rejected. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const maxUserLength = 128
const maxNameCharacters = 64

/** The context of the authorizer holds at most 8 KB. Groups may use half of it. */
const groupBytes = 4096

/** A valid token of the issuer whose claims cannot be used. */
class UnusableClaims extends Error {}

/** Error codes of jose for invalid tokens. All other errors concern the issuer or the network. */
const badTokenCode = /^ERR_(JWT|JWS|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE)/

/** Whether the token is invalid. Returns false if the issuer could not be reached. */
export function isBadToken(error: unknown): boolean {
  if (error instanceof UnusableClaims) return true
  return error instanceof Error && 'code' in error && badTokenCode.test(String(error.code))
}

type KeySet = ReturnType<typeof createRemoteJWKSet>

/** Verifies tokens of one OpenID Connect issuer for one audience. Returns the claims. */
export function tokenVerifier(issuer: string, audience: string): (token: string) => Promise<TokenClaims> {
  let keys: Promise<KeySet> | undefined
  const keySet = () => {
    keys ??= discover(issuer).catch((error: unknown) => {
      keys = undefined
      throw error
    })
    return keys
  }
  return async (token) => {
    const { payload } = await jwtVerify(token, await keySet(), {
      issuer,
      audience,
      algorithms,
      requiredClaims: ['exp'],
    })
    return claimsOf(payload)
  }
}

/** Reads the address of the keys from the discovery document of the issuer. jose caches and renews the keys. */
async function discover(issuer: string): Promise<KeySet> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
  const document: unknown = await response.json()
  const uri = typeof document === 'object' && document && 'jwks_uri' in document ? document.jwks_uri : undefined
  if (!response.ok || typeof uri !== 'string') throw new Error('The issuer does not say where its keys are.')
  return createRemoteJWKSet(new URL(uri))
}

function claimsOf({ sub, exp, ...claims }: JWTPayload): TokenClaims {
  if (!isUser(sub) || exp === undefined) throw new UnusableClaims('Unusable claims.')
  const named = typeof claims.name === 'string' && isVisible(claims.name) && isSafeText(claims.name)
  const name = named ? String(claims.name) : sub
  return {
    user: sub,
    name: charactersIn(name) > maxNameCharacters ? [...name].slice(0, maxNameCharacters).join('') : name,
    groups: groupsIn(claims.groups ?? claims['cognito:groups']),
    exp,
  }
}

/** The type is checked, because a list with one name would pass the other checks and be used as this name. */
const isUser = (sub: unknown): sub is string =>
  typeof sub === 'string' && sub !== '' && sub.length <= maxUserLength && isSafeText(sub)

function groupsIn(claim: unknown): string[] {
  const groups = Array.isArray(claim) ? claim.filter((group) => typeof group === 'string' && group !== '') : []
  if (Buffer.byteLength(JSON.stringify(groups)) > groupBytes) throw new UnusableClaims('Too many groups.')
  return groups.map(String)
}
