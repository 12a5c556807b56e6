import { createHmac, hash } from 'node:crypto'
import type { Credentials } from './credentials.ts'

/*
 * AWS Signature Version 4, in two steps. Posts of one message differ only in their path, so the first step prepares the
 * parts that such requests share, and the second costs one hash and one HMAC per request.
 */

export interface SigningInput {
  region: string
  credentials: Credentials
  /** The time of the request, as `signingTime` writes it. */
  time: string
  /** The headers to sign, in alphabetical order of their lower-case names. */
  headers: Readonly<Record<string, string>>
  /** SHA-256 of the payload in hexadecimal digits, or `UNSIGNED-PAYLOAD`. */
  payloadHash: string
}

export interface PreparedSignature {
  /** The id of the access key, with the day, region and service of the signature. */
  credential: string
  /** The names of the signed headers. */
  signedHeaders: string
  /** `path` and `query` are in canonical form, which depends on the service: most services escape a path twice. */
  sign(method: string, path: string, query?: string): string
}

/** Prepares signatures for requests to one service of AWS. */
export function requestSigner(service: string): (input: SigningInput) => PreparedSignature {
  const keyFor = signingKeys()
  return ({ region, credentials, time, headers, payloadHash }) => {
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
    const key = keyFor(credentials.secretAccessKey, scope)
    const names = Object.keys(headers)
    const signedHeaders = names.join(';')
    const headerLines = names.map((name) => `${name}:${headers[name]}\n`).join('')
    const shared = `${headerLines}\n${signedHeaders}\n${payloadHash}`
    return {
      credential: `${credentials.accessKeyId}/${scope}`,
      signedHeaders,
      sign(method, path, query = '') {
        const requestHash = hash('sha256', `${method}\n${path}\n${query}\n${shared}`)
        return hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${requestHash}`).digest('hex')
      },
    }
  }
}

/** Derives signing keys and keeps the latest one. A key is valid for a whole day. */
function signingKeys() {
  let latest: { id: string; key: Buffer } | undefined
  return (secret: string, scope: string): Buffer => {
    const id = `${secret}/${scope}`
    if (latest?.id !== id) {
      const start = Buffer.from(`AWS4${secret}`)
      latest = { id, key: scope.split('/').reduce((key, part) => hmac(key, part).digest(), start) }
    }
    return latest.key
  }
}

export interface HeaderSigningInput {
  region: string
  credentials: Credentials
  /** Milliseconds since 1970. */
  now: number
  host: string
  contentType: string
  /** The operation, for services with one address for all operations. */
  target?: string
  body: string
}

export interface SignedHeaders {
  /** All headers but `authorization`. */
  headers: Readonly<Record<string, string>>
  /** Returns the value of `authorization`. */
  authorize(method: string, path: string): string
}

/** Prepares requests that carry their signature in the header `authorization`. */
export function headerSigner(service: string): (input: HeaderSigningInput) => SignedHeaders {
  const prepare = requestSigner(service)
  return ({ region, credentials, now, host, contentType, target, body }) => {
    const time = signingTime(now)
    const payloadHash = hash('sha256', body)
    const headers = {
      'content-length': String(Buffer.byteLength(body)),
      'content-type': contentType,
      host,
      'x-amz-content-sha256': payloadHash,
      'x-amz-date': time,
      ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
      ...(target && { 'x-amz-target': target }),
    }
    const { credential, signedHeaders, sign } = prepare({ region, credentials, time, headers, payloadHash })
    const prefix = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=`
    return { headers, authorize: (method, path) => prefix + sign(method, path) }
  }
}

/** A time as AWS writes it: `20260131T235959Z`. */
export const signingTime = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')

/** Escapes all characters except letters, digits and `-._~`, as AWS requires. */
export const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text)
