const signed = ['amz-sdk-invocation-id', 'amz-sdk-request', 'x-amz-user-agent']

/** Headers by which the SDK describes itself. The database ignores them, so the fast path does not send them. */
export const sdkHeaders = [...signed, 'user-agent']

/**
 * Middleware that removes those headers that the SDK would sign, and with `userAgent` also the user agent, which it
 * does not sign.
 */
export const withoutSdkHeaders =
  ({ userAgent }: { userAgent: boolean }) =>
  <Args extends object, Output>(next: (args: Args) => Promise<Output>) =>
  async (args: Args): Promise<Output> => {
    const request: unknown = 'request' in args && args.request
    if (typeof request === 'object' && request && 'headers' in request) {
      const omitted = userAgent ? sdkHeaders : signed
      const headers = Object.entries(Object(request.headers)).filter(([name]) => !omitted.includes(name))
      request.headers = Object.fromEntries(headers)
    }
    return next(args)
  }

/** The position of this middleware. */
export const beforeSigning = { relation: 'before', toMiddleware: 'httpSigningMiddleware' } as const
