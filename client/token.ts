/** When a token ends, in milliseconds since 1970; nothing when it does not say so, and is for the server alone to read. */
export function endOf(token: string): number | undefined {
  try {
    const [, claims = ''] = token.split('.')
    const { exp } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
    return typeof exp === 'number' ? exp * 1000 : undefined
  } catch {
    return undefined
  }
}
