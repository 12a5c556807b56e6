const signed = ['amz-sdk-invocation-id', 'amz-sdk-request', 'x-amz-user-agent']

/** What the SDK says of itself, its name last: it stands for nothing, so nothing else here sends it. */
export const aboutItself = [...signed, 'user-agent']

/** Right before the signing: what the SDK would have signed of itself is left out, its name as well if it is `nameless`. */
export const modest =
  ({ nameless }: { nameless: boolean }) =>
  <Args extends object, Output>(next: (args: Args) => Promise<Output>) =>
  async (args: Args): Promise<Output> => {
    const request: unknown = 'request' in args && args.request
    if (typeof request === 'object' && request && 'headers' in request) {
      const left = nameless ? aboutItself : signed
      const headers = Object.entries(Object(request.headers)).filter(([name]) => !left.includes(name))
      request.headers = Object.fromEntries(headers)
    }
    return next(args)
  }

/** Where the middleware belongs. */
export const beforeSigning = { relation: 'before', toMiddleware: 'httpSigningMiddleware' } as const
