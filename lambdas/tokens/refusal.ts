/** Why a valid token of an issuer cannot be used. It goes to the log, so it never holds a part of the token. */
export type Reason =
  | 'unusable_subject'
  | 'reserved_subject'
  | 'subject_of_other_issuer'
  | 'ambiguous_client'
  | 'unnamed_service'
  | 'too_many_groups'
  | 'unusable_guest_token'

/** A valid token whose claims cannot be used. */
export class UnusableClaims extends Error {
  readonly code: Reason

  constructor(code: Reason) {
    super('Unusable claims.')
    this.code = code
  }
}

/** Codes of jose for faults of the token. All other errors concern the issuer or the network. */
const faultOfToken = /^ERR_(JWT|JWS|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE)/

/** Whether the token itself is at fault, and not an issuer that could not be asked. */
export function isBadToken(error: unknown): boolean {
  if (error instanceof UnusableClaims) return true
  return error instanceof Error && 'code' in error && faultOfToken.test(String(error.code))
}

/** The kind of an error says enough; its message may quote the token. What `fetch` throws has its kind in its cause. */
export function kindOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error
  if ('code' in error) return wordOf(error.code)
  const cause: unknown = 'cause' in error ? error.cause : undefined
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return wordOf(cause.code)
  return 'name' in error ? wordOf(error.name) : 'unknown'
}

/** Codes and names are single words; anything else might be a text. */
const wordOf = (value: unknown): string => (/^\w{1,64}$/.test(String(value)) ? String(value) : 'unknown')

/** Which token works, in one line; docs/protocol.md says it at length. */
const accepted =
  'an ID token of an issuer in the settings with an audience there, or an access token of Cognito with its client_id there'

/** For a token of the wrong kind: the claim at fault, and which token works. The claim's value is not told. */
export function hintFor(error: unknown): { claim?: string; accepted?: string } {
  const kind = kindOf(error)
  if (kind === 'ERR_JWS_INVALID') return { accepted }
  if (kind !== 'ERR_JWT_CLAIM_VALIDATION_FAILED') return {}
  const claim = error instanceof Error && 'claim' in error ? String(error.claim) : ''
  return { ...(/^\w{1,32}$/.test(claim) && { claim }), accepted }
}
