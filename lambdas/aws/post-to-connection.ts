import { type Credentials, cachedCredentials } from './credentials.ts'
import { type HttpResult, httpPool, type PoolOptions } from './http-pool.ts'
import { headerSigner, uriEncode } from './sigv4.ts'

/*
 * A message to a room of n members costs n posts. For each post, the SDK spends most of its time on parts that are the
 * same in all of them. This client makes these parts once; a post is then one signature, one write and one read.
 */

/** The address of the `@connections` API, and the credentials for it. */
export interface Endpoint {
  /** Base URL of `@connections`, stage included. */
  endpoint: string
  region: string
  credentials: () => Promise<Credentials>
}

export type PostClientOptions = Endpoint & PoolOptions

export type PostStatus = HttpResult['status']

/** Posts a frame to a connection, or closes it by `DELETE`. Rejects only if there are no credentials. */
export type PostToConnection = (connectionId: string, frame: string, method?: 'POST' | 'DELETE') => Promise<PostStatus>

/** Creates a client for posts to connections. Posts are fastest if many in a row have the same frame. */
export function postClient(options: PostClientOptions): PostToConnection {
  const url = new URL(options.endpoint)
  const credentials = cachedCredentials(options.credentials, options.now)
  const write = postWriter(url, options)
  const exchange = httpPool(url, options)
  return async (connectionId, frame, method = 'POST') => {
    const id = uriEncode(connectionId)
    const first = await credentials()
    const result = await exchange(() => write(method, id, frame, first))
    if (result.status !== 403 || !tokenRejected.test(result.text)) return result.status
    const renewed = await credentials(first)
    return (await exchange(() => write(method, id, frame, renewed))).status
  }
}

/** A missing permission also has status 403, but another text. */
const tokenRejected = /ExpiredToken|UnrecognizedClient|security token[^"]*(?:expired|invalid)/i

const contentType = 'application/octet-stream'

/** Writes whole requests. Posts of one frame in the same second differ only in path and signature. */
function postWriter({ host, pathname }: URL, { region, now }: PostClientOptions) {
  const base = `${pathname === '/' ? '' : pathname}/@connections/`
  // The signed path is escaped twice and has no empty segments.
  const signedBase = `/${base.split('/').filter(Boolean).map(uriEncode).join('/')}/`
  const prepare = headerSigner('execute-api')
  let latest: ReturnType<typeof sharedParts> | undefined

  function sharedParts(second: number, frame: string, credentials: Credentials) {
    const { headers, authorize } = prepare({ region, credentials, now: second * 1000, host, contentType, body: frame })
    const headerLines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = ` HTTP/1.1\r\n${headerLines.join('')}authorization: `
    return { second, frame, credentials, head, authorize }
  }

  return (method: string, id: string, frame: string, credentials: Credentials): string => {
    const second = Math.floor(now() / 1000)
    if (latest?.second !== second || latest.frame !== frame || latest.credentials !== credentials) {
      latest = sharedParts(second, frame, credentials)
    }
    const authorization = latest.authorize(method, signedBase + id.replaceAll('%', '%25'))
    return `${method} ${base}${id}${latest.head}${authorization}\r\n\r\n${frame}`
  }
}
