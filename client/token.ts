/** The claims of a token that a client uses. */
export interface Claims {
  /** Seconds since 1970. */
  readonly exp?: number
}

/** The claims of a JWT, unverified; undefined if the text is no JWT. */
export function claimsOf(token: string): Claims | undefined {
  try {
    const [, claims = ''] = token.split('.')
    // If the claims are no object, `in` throws.
    const value: object = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
    return 'exp' in value && typeof value.exp === 'number' ? { exp: value.exp } : {}
  } catch {
    return undefined
  }
}

/** The end of a token in milliseconds since 1970; undefined if it tells none or is no JWT. */
export function tokenEnd(token: string): number | undefined {
  const exp = claimsOf(token)?.exp
  return exp === undefined ? undefined : exp * 1000
}
