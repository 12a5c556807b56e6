import { createHmac, hash } from 'node:crypto'
import { isIP, connect as plain, type Socket } from 'node:net'
import { type ConnectionOptions, createSecureContext, connect as secure } from 'node:tls'

/*
 * One message in a room of n costs n posts, and the SDK spends most of each on what is the same in all of them. Here that
 * is made once, and a post is a signature (Signature Version 4, as the SDK's), a write and a read.
 */

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}

export interface PosterOptions {
  /** Base URL of `@connections`, stage included. */
  endpoint: string
  region: string
  credentials: () => Promise<Credentials>
  now: () => number
  /** What a post may take once it has a socket, a second try included. */
  deadlineMs?: number
  /** So many posts are under way at once, hanging ones included; more wait for their turn. */
  sockets?: number
  /** A certificate in PEM that is trusted in place of the usual authorities. */
  ca?: string
}

/** The status that came back. `late`: none in time. `lost`: the peer hung up or said what is no answer. */
export type PostStatus = number | 'late' | 'lost'

/** Posts frames to connections; a broadcast passes the same string each time. Rejects only for want of credentials. */
export function poster(options: PosterOptions): (connectionId: string, frame: string) => Promise<PostStatus> {
  const url = new URL(options.endpoint)
  const credentials = cachedCredentials(options)
  const sign = postSigner(url, options)
  const exchange = httpPool(url, options)
  return async (connectionId, frame) => {
    const id = escaped(connectionId)
    const used = await credentials()
    const reply = await exchange(() => sign(id, frame, used))
    if (reply.status !== 403 || !tokenIsOver.test(reply.said)) return reply.status
    const renewed = await credentials(used)
    return (await exchange(() => sign(id, frame, renewed))).status
  }
}

/** Whoever lacks a right is told otherwise. */
const tokenIsOver = /ExpiredToken|UnrecognizedClient|security token[^"]*(?:expired|invalid)/i

const renewedBeforeExpiryMs = 60_000

/** Keeps credentials while they last. Of many posts refused with the same ones, the first has them renewed. */
function cachedCredentials({ credentials: provide, now }: PosterOptions) {
  let kept: Credentials | undefined
  let asked: Promise<Credentials> | undefined
  let renewAt = 0
  const ask = async () => {
    try {
      kept = await provide()
      // Never at each post, however short they last.
      renewAt = Math.max((kept.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - renewedBeforeExpiryMs, now() + 1000)
      return kept
    } finally {
      asked = undefined
    }
  }
  return async (refused?: Credentials): Promise<Credentials> => {
    if (kept && kept !== refused && now() < renewAt) return kept
    asked ??= ask()
    return asked
  }
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** As the SDK escapes: everything but letters, digits and `-._~`. */
const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** Makes whole requests. Of each only the path, its hash and the signature are its own. */
function postSigner({ host, pathname }: URL, { region, now }: PosterOptions) {
  const base = `${pathname === '/' ? '' : pathname}/@connections/`
  // What is signed of a path is escaped twice, and has no empty segments.
  const signedBase = `/${base.split('/').filter(Boolean).map(escaped).join('/')}/`
  let hashed: { frame: string; bytes: number; digest: string } | undefined
  let made: { second: number; by: Credentials; of: typeof hashed; parts: ReturnType<typeof partsOf> } | undefined

  function partsOf(second: number, by: Credentials, { bytes, digest }: { bytes: number; digest: string }) {
    const time = new Date(second * 1000).toISOString().replace(/[-:]|\.000/g, '')
    const scope = [time.slice(0, 8), region, 'execute-api', 'aws4_request']
    const headers = [
      ['content-length', bytes],
      ['content-type', 'application/octet-stream'],
      ['host', host],
      ['x-amz-content-sha256', digest],
      ['x-amz-date', time],
      ...(by.sessionToken ? [['x-amz-security-token', by.sessionToken]] : []),
    ]
    const lines = (between: string, end: string) => headers.map((header) => header.join(between) + end).join('')
    const names = headers.map(([name]) => name).join(';')
    return {
      key: scope.reduce<Buffer>(hmac, Buffer.from(`AWS4${by.secretAccessKey}`)),
      canonical: `\n\n${lines(':', '\n')}\n${names}\n${digest}`,
      toSign: `AWS4-HMAC-SHA256\n${time}\n${scope.join('/')}\n`,
      head: ` HTTP/1.1\r\n${lines(': ', '\r\n')}authorization: AWS4-HMAC-SHA256 Credential=${by.accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=`,
    }
  }

  return (id: string, frame: string, by: Credentials): string => {
    const second = Math.floor(now() / 1000)
    if (hashed?.frame !== frame) hashed = { frame, bytes: Buffer.byteLength(frame), digest: hash('sha256', frame) }
    if (made?.second !== second || made.by !== by || made.of !== hashed) {
      made = { second, by, of: hashed, parts: partsOf(second, by, hashed) }
    }
    const { key, canonical, toSign, head } = made.parts
    const request = hash('sha256', `POST\n${signedBase}${id.replaceAll('%', '%25')}${canonical}`)
    return `POST ${base}${id}${head}${hmac(key, toSign + request).toString('hex')}\r\n\r\n${frame}`
  }
}

interface HttpResponse {
  status: PostStatus
  said: string
  /** Nothing can be sent on this line after it. */
  last: boolean
}

const late: HttpResponse = { status: 'late', said: '', last: true }
const lost: HttpResponse = { status: 'lost', said: '', last: true }

interface PendingRequest {
  /** Made when it is sent, since many wait and each is longer than its frame. */
  request: () => string
  resolve: (reply: HttpResponse) => void
  line?: PooledSocket
  deadline?: NodeJS.Timeout
}

interface PooledSocket {
  socket: Socket
  post?: PendingRequest | undefined
  heard: string
  /** When it last was answered on. */
  usedAt?: number
}

/** A server may have hung up on whoever was silent for longer, and while a function is frozen nobody hears it. */
const longestIdleMs = 20_000

/** Keeps lines open and sends requests over them, one at a time on each. */
function httpPool(url: URL, { sockets = 400, deadlineMs = 1500, ca, now }: PosterOptions) {
  const open = socketOpener(url, ca)
  const lines = new Set<PooledSocket>()
  const idle: PooledSocket[] = []
  const waiting: PendingRequest[] = []

  function next(): void {
    while (waiting.length > 0) {
      const line = idleLine() ?? (lines.size < sockets ? newLine() : undefined)
      const post = line && waiting.shift()
      if (!post) return
      // This alone keeps the process alive, and only while there is something to wait for.
      post.deadline = setTimeout(giveUp, deadlineMs, post)
      send(line, post)
    }
  }

  function idleLine(): PooledSocket | undefined {
    for (let line = idle.pop(); line; line = idle.pop()) {
      if (lines.has(line) && now() - (line.usedAt ?? 0) < longestIdleMs) return line
      line.socket.destroy()
    }
    return undefined
  }

  function newLine(): PooledSocket {
    const line: PooledSocket = { socket: open().unref(), heard: '' }
    lines.add(line)
    line.socket.on('data', (bytes: Buffer) => hear(line, bytes)).on('close', () => lose(line))
    // What went wrong does not matter: it closes.
    line.socket.on('error', () => {})
    return line
  }

  function send(line: PooledSocket, post: PendingRequest): void {
    line.post = post
    post.line = line
    line.socket.write(post.request())
  }

  function settle(post: PendingRequest, reply: HttpResponse): void {
    clearTimeout(post.deadline)
    if (post.line) post.line.post = undefined
    post.resolve(reply)
  }

  function giveUp(post: PendingRequest): void {
    settle(post, late)
    post.line?.socket.destroy()
  }

  function hear(line: PooledSocket, bytes: Buffer): void {
    line.heard += bytes.toString('latin1')
    // A server that speaks unasked says why it hangs up.
    const reply = line.post ? parseResponse(line.heard) : lost
    if (!reply) return
    if (line.post) settle(line.post, reply)
    if (reply.last) {
      line.socket.destroy()
      return
    }
    line.heard = ''
    line.usedAt = now()
    idle.push(line)
    next()
  }

  function lose(line: PooledSocket): void {
    lines.delete(line)
    const { post } = line
    if (post && line.usedAt !== undefined && line.heard === '') {
      // Most likely it hung up before it saw the post. If not, the frame comes twice, and its number tells.
      send(newLine(), post)
    } else if (post) {
      settle(post, lost)
    }
    next()
  }

  return (request: () => string) =>
    new Promise<HttpResponse>((resolve) => {
      waiting.push({ request, resolve })
      next()
    })
}

/** Opens sockets to one host. What one TLS handshake settled shortens the next. */
function socketOpener({ protocol, hostname, port }: URL, ca: string | undefined): () => Socket {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'http:') return () => plain({ host, port: Number(port || 80), noDelay: true })
  const to: ConnectionOptions = { host, port: Number(port || 443), servername: isIP(host) ? '' : host }
  return () => {
    // It reads all authorities: a function that starts need not wait for that.
    to.secureContext ??= createSecureContext(ca === undefined ? {} : { ca })
    const socket = secure(to).setNoDelay(true)
    return socket.on('session', (session) => (to.session = session))
  }
}

const longestReply = 65_536
const head = /^HTTP\/1\.1 ([1-5]\d\d)(?: [^\r\n]*)?(?:\r\n[-!#$%&'*+.^_`|~\w]+:[^\r\n]*)*$/
const framing = /\r\n(?:content-length|transfer-encoding):[^\r\n]*/gi
const closing = /\r\nconnection:[^\r\n]*\bclose\b/i

/** The reply in what has come so far, if that is all of it. Framing that the platform never uses is refused. */
function parseResponse(text: string): HttpResponse | undefined {
  if (text.length > longestReply || !'HTTP/1.1 '.startsWith(text.slice(0, 9))) return lost
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const said = text.slice(0, end)
  const rest = text.slice(end + 4)
  const status = Number(head.exec(said)?.[1])
  if (Number.isNaN(status) || status === 101) return lost
  // 100 Continue and its like come before the reply.
  if (status < 200) return parseResponse(rest)
  const body = status === 204 || status === 304 ? { text: '', rest } : bodyIn(said.match(framing) ?? [], rest)
  if (body === 'nonsense') return lost
  return body && { status, said: said + body.text, last: body.rest !== '' || closing.test(said) }
}

type ParsedBody = { text: string; rest: string } | 'nonsense' | undefined

/** Whoever says twice how long it is, or not at all, is not believed. */
function bodyIn([framed = '', ...more]: readonly string[], rest: string): ParsedBody {
  if (more.length > 0) return 'nonsense'
  if (/^\r\ntransfer-encoding:[ \t]*chunked[ \t]*$/i.test(framed)) return chunksIn(rest)
  const length = /^\r\ncontent-length:[ \t]*(\d{1,5})[ \t]*$/i.exec(framed)?.[1]
  if (length === undefined) return 'nonsense'
  const end = Number(length)
  return rest.length < end ? undefined : { text: rest.slice(0, end), rest: rest.slice(end) }
}

function chunksIn(coded: string): ParsedBody {
  let text = ''
  for (let from = 0; ; ) {
    const lineEnd = coded.indexOf('\r\n', from)
    if (lineEnd < 0) return undefined
    const size = coded.slice(from, lineEnd)
    if (!/^[\da-f]{1,4}$/i.test(size)) return 'nonsense'
    const [start, end] = [lineEnd + 2, lineEnd + 2 + Number.parseInt(size, 16)]
    if (coded.length < end + 2) return undefined
    if (coded.slice(end, end + 2) !== '\r\n') return 'nonsense'
    if (end === start) return { text, rest: coded.slice(end + 2) }
    text += coded.slice(start, end)
    from = end + 2
  }
}
