import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'

/** All variables of a function have 4 KB together. */
const mostBytes = 2500

/** Whether a function may fetch keys from there. An address of the machine itself is for a run on that machine alone. */
export function isFetchable(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
}

/**
 * The address of a key set as it is, and keys themselves as a key set without anything that a check does not need.
 * @throws Error that never quotes the keys, since one of them may be private
 */
export function keySetOf(keys: string): string {
  const text = keys.trim()
  if (isFetchable(text)) return text
  const set = JSON.stringify({ keys: text.startsWith('{') ? keysInJson(text) : keysInPem(text) })
  if (Buffer.byteLength(set) <= mostBytes) return set
  throw new Error(`"tokenKeys" has more than ${mostBytes} bytes of keys: serve them at an address, and name that.`)
}

const noKeys = () =>
  new Error('"tokenKeys" must be the https:// URL of a JSON Web Key Set, a key set as JSON, or public keys in PEM.')
const notPublic = () => new Error('"tokenKeys" holds a private or shared key: name public keys only.')

function keysInPem(text: string): JsonWebKey[] {
  if (/PRIVATE KEY/.test(text)) throw notPublic()
  const blocks = text.match(/-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g)
  if (!blocks) throw noKeys()
  return blocks.map((block) => publicKey(() => createPublicKey(block)))
}

function keysInJson(text: string): JsonWebKey[] {
  const value = parsed(text)
  const list: unknown[] = Array.isArray(value.keys) ? value.keys : [value]
  if (list.length === 0) throw noKeys()
  return list.map((key) => {
    if (typeof key !== 'object' || key === null) throw noKeys()
    const { kid, alg, use, ...rest }: JsonWebKey = { ...key }
    if ('d' in rest || 'k' in rest) throw notPublic()
    return { ...publicKey(() => createPublicKey({ key: rest, format: 'jwk' })), kid, alg, use }
  })
}

function parsed(text: string): JsonWebKey {
  try {
    return JSON.parse(text)
  } catch {
    throw noKeys()
  }
}

function publicKey(read: () => KeyObject): JsonWebKey {
  const key = readOrRefuse(read)
  if (!signs(key)) {
    throw new Error(
      '"tokenKeys" holds a key that is neither RSA of 2,048 bits or more, nor P-256, P-384, P-521 or Ed25519.',
    )
  }
  return key.export({ format: 'jwk' })
}

function readOrRefuse(read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch {
    throw noKeys()
  }
}

function signs({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails ?? {}
  if (asymmetricKeyType === 'rsa') return modulusLength >= 2048
  if (asymmetricKeyType === 'ec') return ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve)
  return asymmetricKeyType === 'ed25519'
}
