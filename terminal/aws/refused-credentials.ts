/** Whether the name of an error says that the credentials have expired. */
export const haveExpired = (name: string): boolean => /ExpiredToken|RequestExpired/.test(name)

/** Whether the name of an error says that AWS does not know the credentials, or that there are none. */
export const areUnknown = (name: string): boolean =>
  /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|CredentialsProviderError/.test(
    name,
  )
