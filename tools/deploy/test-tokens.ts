import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { claimsOf, people } from '../../test/support/local-run/deployment.ts'

/** The issuer and the audience of these tokens. Nobody serves the address: the deployment has the key itself. */
const issuer = 'https://tests.example'
const audience = 'end-to-end-tests'

export interface TestTokens {
  /** The settings of a deployment that accepts these tokens and no others. */
  settings: Record<string, string>
  /** A token for each person of the end-to-end tests, by name. */
  tokens: Record<string, string>
}

/** Makes a key, and tokens that are valid for a day from this moment, in milliseconds. The key is kept nowhere. */
export async function testTokens(now: number): Promise<TestTokens> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const key = { ...(await exportJWK(publicKey)), kid: 'tests', alg: 'ES256', use: 'sig' }
  const seconds = Math.floor(now / 1000)
  const sign = (user: string) => {
    const { name, groups } = claimsOf(user)
    return new SignJWT({ name, groups: groups?.split(',') ?? [] })
      .setProtectedHeader({ alg: 'ES256', kid: 'tests' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(user)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 24 * 3600)
      .sign(privateKey)
  }
  const tokens = await Promise.all(Object.keys(people).map(async (user) => [user, await sign(user)] as const))
  return {
    settings: { issuer, audience, tokenKeys: JSON.stringify({ keys: [key] }) },
    tokens: Object.fromEntries(tokens),
  }
}
