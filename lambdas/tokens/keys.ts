import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { TokenSource } from './source.ts'

/** Whether the text is a key set itself, and not the address of one. */
export const isKeySet = (keys: string | undefined): boolean => keys?.startsWith('{') === true

/** Returns a function that loads the keys of a source with the first token, and again after a failure. */
export function keysOf(source: TokenSource): () => Promise<JWTVerifyGetKey> {
  let found: Promise<JWTVerifyGetKey> | undefined
  return () => {
    found ??= find(source).catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }
}

async function find({ issuer = '', keys }: TokenSource): Promise<JWTVerifyGetKey> {
  if (keys === undefined) return discover(issuer)
  return isKeySet(keys) ? ownKeys(JSON.parse(keys)) : createRemoteJWKSet(new URL(keys))
}

/** The issuer's own discovery document says where its keys are; jose caches and renews the keys themselves. */
async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
  const document: unknown = await response.json()
  const uri = typeof document === 'object' && document && 'jwks_uri' in document ? document.jwks_uri : undefined
  if (!response.ok || typeof uri !== 'string') throw new Error('The issuer does not say where its keys are.')
  return createRemoteJWKSet(new URL(uri))
}

/** A key in PEM has no id, so a token may have any key id. A key with an id is used only for tokens with this id. */
function ownKeys(set: JSONWebKeySet): JWTVerifyGetKey {
  const every = createLocalJWKSet(set)
  const nameless = createLocalJWKSet({ keys: set.keys.filter(({ kid }) => kid === undefined) })
  const names = new Set(set.keys.map(({ kid }) => kid))
  return ({ kid, ...header }, token) => {
    if (kid === undefined) return every(header, token)
    return names.has(kid) ? every({ ...header, kid }, token) : nameless(header, token)
  }
}
