import type { Credentials } from '../aws/credentials.ts'
import { headerSigner } from '../aws/sigv4.ts'

const contentType = 'application/x-amz-json-1.0'

/** Returns the headers of a call, the same as the SDK's. */
export function dynamoSigner(
  { hostname, port }: { hostname: string; port?: string | number | undefined },
  now: () => number,
) {
  const host = port === undefined || port === '' ? hostname : `${hostname}:${port}`
  const prepare = headerSigner('dynamodb')
  return (operation: string, body: string, credentials: Credentials, region: string): Record<string, string> => {
    const target = `DynamoDB_20120810.${operation}`
    const { headers, authorize } = prepare({ region, credentials, now: now(), host, contentType, target, body })
    return { ...headers, authorization: authorize('POST', '/') }
  }
}
