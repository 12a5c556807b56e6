import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'
import { type TokenClaims, tokenReader } from './claims.ts'
import { isKeySet, keysOf } from './keys.ts'
import { sourceOf, type TokenSource, type TokenSources } from './source.ts'

/** Signatures that a public key can check; a shared secret, or none, is never accepted. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

export type Verify = (token: string) => Promise<TokenClaims>

/** Checks tokens of these sources, and reads the claims that are used. */
export function tokenVerifier(sources: TokenSources): Verify {
  const read = tokenReader(sources)
  const keys = new Map(sources.map((source) => [source, keysOf(source)]))
  return async (token) => {
    const source = sourceOf(sources, token)
    const getKey = await keys.get(source)?.()
    if (!getKey) throw new Error('The source of the token is unknown.')
    const issuer = source.issuer === undefined ? {} : { issuer: source.issuer }
    const check = isKeySet(source.keys) ? verifyWithAny : verifyWithOne
    const payload = await check(token, getKey, { ...issuer, algorithms, requiredClaims: ['exp'] })
    requireAudience(payload, source)
    return read(payload, source)
  }
}

async function verifyWithOne(token: string, getKey: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  return (await jwtVerify(token, getKey, options)).payload
}

/** Keys in PEM have no names, so each that fits is tried. */
async function verifyWithAny(token: string, getKey: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return await verifyWithOne(token, getKey, options)
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      const result = await jwtVerify(token, key, options).catch(unlessSignature)
      if (result) return result.payload
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

function unlessSignature(error: unknown): undefined {
  if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
}

/** An access token of Cognito has no `aud`, so its client is checked instead. */
function requireAudience(payload: JWTPayload, { audience, services, keys }: TokenSource): void {
  if (audience.length === 0 && keys !== undefined) return
  const byClient = payload.aud === undefined && payload.token_use === 'access'
  // A named service may use its own tokens. The users of the same program need the audience.
  const isService = byClient && payload.sub === payload.client_id
  const accepted = isService ? [...audience, ...services] : audience
  const named: unknown[] = byClient ? [payload.client_id] : [payload.aud].flat()
  if (named.some((one) => typeof one === 'string' && accepted.includes(one))) return
  throw new errors.JWTClaimValidationFailed('The token is for somebody else.', payload, 'aud', 'check_failed')
}
