/** The claims of a token that a client uses. */
export interface Claims {
  /** Seconds since 1970. */
  readonly exp?: number
}

/** The claims of a JWT, which only the server can check; nothing where the text is no JWT. */
export function claimsOf(token: string): Claims | undefined {
  try {
    const [, claims = ''] = token.split('.')
    const read: unknown = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
    if (typeof read !== 'object' || read === null) return undefined
    return 'exp' in read && typeof read.exp === 'number' ? { exp: read.exp } : {}
  } catch {
    return undefined
  }
}

/** When a token ends, in milliseconds since 1970; nothing where it does not say so, or is no JWT. */
export function tokenEnd(token: string): number | undefined {
  const exp = claimsOf(token)?.exp
  return exp === undefined ? undefined : exp * 1000
}
