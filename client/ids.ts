import type { Random } from './delays.ts'

interface Crypto {
  getRandomValues?: (bytes: Uint8Array) => Uint8Array
}

/**
 * An id of 128 random bits, as 32 hexadecimal digits. `crypto.randomUUID` is missing on pages without TLS, and `crypto`
 * on some platforms; there `random` is used, `Math.random` by default.
 */
export function randomId(random: Random = Math.random): string {
  const { crypto } = globalThis as { crypto?: Crypto }
  const bytes = new Uint8Array(16)
  if (crypto?.getRandomValues) crypto.getRandomValues(bytes)
  else for (const index of bytes.keys()) bytes[index] = Math.floor(random() * 256)
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
