import type { TokenClaims } from './claims.ts'
import { UnusableClaims } from './refusal.ts'

/*
 * The token of a guest is a random secret that the program of the guest makes. The id is the digest of the secret, so
 * only a program with the secret can be this guest again. This needs no key and no endpoint, and costs nothing while
 * there are no guests.
 */

/** At least 256 bits, in the letters that a subprotocol may have. */
const guestToken = /^guest\.([A-Za-z0-9_-]{43,128})$/

const daySeconds = 86_400

export const isGuestToken = (token: string): boolean => token.startsWith('guest.')

/** The claims of a guest, whose only groups are the categories that admit guests. */
export async function guestClaims(token: string, categories: readonly string[], nowMs: number): Promise<TokenClaims> {
  const [, secret] = guestToken.exec(token) ?? []
  if (secret === undefined) throw new UnusableClaims('unusable_guest_token')
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(secret))
  const id = Buffer.from(digest).toString('base64url').slice(0, 22)
  return {
    user: `guest:${id}`,
    name: `Guest ${id.slice(0, 4)}`,
    groups: categories.map((category) => `guest:${category}`),
    exp: Math.floor(nowMs / 1000) + daySeconds,
  }
}

/** A guest may use any IPv6 address of a network, so the first 64 bits are used. */
export function networkOf(address: string): string {
  if (address.includes('.') || !address.includes(':')) return address.slice(address.lastIndexOf(':') + 1)
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = (part: string | undefined) => part?.split(':').filter(Boolean) ?? []
  const [left, right] = [groups(head), groups(tail)]
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
