import type { TokenClaims } from './claims.ts'
import { UnusableClaims } from './refusal.ts'

/*
 * A guest's token is a secret that the guest's program made up: the id is its digest, so whoever has the secret is that
 * guest again, and nobody else can be. There is no key to keep, no place to ask for a token, and nothing to pay for
 * while nobody comes.
 */

/** At least 256 bits, in the letters that a subprotocol may have. */
const guestToken = /^guest\.([A-Za-z0-9_-]{43,128})$/

const daySeconds = 86_400

export const isGuestToken = (token: string): boolean => token.startsWith('guest.')

/** Whom a guest's token stands for: somebody without a name, whose only groups are the categories that admit guests. */
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

/** One address of version 6 belongs to a network of them, of which a guest may use any. */
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
