import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { charactersIn, isSafeText, isVisible } from '../protocol/text.ts'

/** Whom a token speaks for. `exp` is in seconds since 1970. */
export interface TokenClaims {
  user: string
  name: string
  groups: string[]
  exp: number
}

/** Signatures that a public key can check; a shared secret, or none, is never accepted. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const longestUser = 128
const longestName = 64

/** What the authorizer may tell later events is 8 KB in all. */
const groupBytes = 4096

/** A valid token of the issuer whose claims cannot be used. */
class UnusableClaims extends Error {}

/** Codes of jose for faults of the token. All other errors concern the issuer or the network. */
const faultOfToken = /^ERR_(JWT|JWS|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE)/

/** Whether the token itself is at fault, and not an issuer that could not be asked. */
export function isBadToken(error: unknown): boolean {
  if (error instanceof UnusableClaims) return true
  return error instanceof Error && 'code' in error && faultOfToken.test(String(error.code))
}

type KeySet = ReturnType<typeof createRemoteJWKSet>

/** Checks tokens of one OpenID Connect issuer for one audience, and reads the claims that are used. */
export function tokenVerifier(issuer: string, audience: string): (token: string) => Promise<TokenClaims> {
  let found: Promise<KeySet> | undefined
  const keySet = () => {
    found ??= discover(issuer).catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
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

/** The issuer's own discovery document says where its keys are; jose caches and renews the keys themselves. */
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
    name: charactersIn(name) > longestName ? [...name].slice(0, longestName).join('') : name,
    groups: groupsIn(claims.groups ?? claims['cognito:groups']),
    exp,
  }
}

/** The type is checked, since a list of one name would pass every other check and be taken for that name. */
const isUser = (sub: unknown): sub is string =>
  typeof sub === 'string' && sub !== '' && sub.length <= longestUser && isSafeText(sub)

function groupsIn(claim: unknown): string[] {
  const groups = Array.isArray(claim) ? claim.filter((group) => typeof group === 'string' && group !== '') : []
  if (Buffer.byteLength(JSON.stringify(groups)) > groupBytes) throw new UnusableClaims('Too many groups.')
  return groups.map(String)
}
