/** The credentials that sign requests to AWS. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}

/**
 * The credentials that Lambda puts into a function's environment. In the bundles this file replaces the SDK's own
 * provider (see infra/bundle.ts), which also reads files and profiles and asks other machines.
 */
export const defaultProvider = () => async (): Promise<Credentials> => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = process.env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) throw new Error('The environment holds no credentials.')
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    ...(AWS_CREDENTIAL_EXPIRATION && { expiration: new Date(AWS_CREDENTIAL_EXPIRATION) }),
  }
}

const renewBeforeExpiryMs = 60_000
const minLifetimeMs = 1000

/**
 * Keeps credentials until shortly before they expire. A caller whose credentials were refused passes them as `refused`
 * to get new ones: if many requests fail with the same credentials, they are renewed once.
 */
export function cachedCredentials(provide: () => Promise<Credentials>, now: () => number) {
  let cached: Credentials | undefined
  let pending: Promise<Credentials> | undefined
  let renewAt = 0

  async function renew(): Promise<Credentials> {
    try {
      cached = await provide()
      // Credentials that have almost expired are still used for a second, or every request would renew them.
      const expiresAt = cached.expiration?.getTime() ?? Number.POSITIVE_INFINITY
      renewAt = Math.max(expiresAt - renewBeforeExpiryMs, now() + minLifetimeMs)
      return cached
    } finally {
      pending = undefined
    }
  }

  return async (refused?: Credentials): Promise<Credentials> => {
    if (cached && cached !== refused && now() < renewAt) return cached
    pending ??= renew()
    return pending
  }
}
