export interface HttpResponse {
  status: number
  /** Head and body. AWS names an error in either of them. */
  text: string
  /** The socket cannot be used for another request. */
  closes: boolean
}

const maxLength = 65_536
const headPattern = /^HTTP\/1\.1 ([1-5]\d\d)(?: [^\r\n]*)?(?:\r\n[-!#$%&'*+.^_`|~\w]+:[^\r\n]*)*$/
const framingHeaders = /\r\n(?:content-length|transfer-encoding):[^\r\n]*/gi
const closeHeader = /\r\nconnection:[^\r\n]*\bclose\b/i

/**
 * Parses all data that a server has sent since the request. Returns undefined while the response is incomplete. Returns
 * `invalid` for framing that AWS never uses, because a wrong end of one response would corrupt the next.
 */
export function parseResponse(received: string): HttpResponse | 'invalid' | undefined {
  if (received.length > maxLength || !'HTTP/1.1 '.startsWith(received.slice(0, 9))) return 'invalid'
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = received.slice(0, headEnd)
  const rest = received.slice(headEnd + 4)
  const status = Number(headPattern.exec(head)?.[1])
  if (Number.isNaN(status) || status === 101) return 'invalid'
  // Informational responses, such as 100 Continue, precede the response.
  if (status < 200) return parseResponse(rest)
  const hasBody = status !== 204 && status !== 304
  const body = hasBody ? parseBody(head.match(framingHeaders) ?? [], rest) : { text: '', rest }
  if (!body || body === 'invalid') return body
  return { status, text: head + body.text, closes: body.rest !== '' || closeHeader.test(head) }
}

/** A complete body, and the data after it. */
type ParsedBody = { text: string; rest: string } | 'invalid' | undefined

/** Rejects responses with two length headers or none. */
function parseBody([header = '', ...more]: readonly string[], received: string): ParsedBody {
  if (more.length > 0) return 'invalid'
  if (/^\r\ntransfer-encoding:[ \t]*chunked[ \t]*$/i.test(header)) return parseChunks(received)
  const digits = /^\r\ncontent-length:[ \t]*(\d{1,5})[ \t]*$/i.exec(header)?.[1]
  if (digits === undefined) return 'invalid'
  const length = Number(digits)
  return received.length < length ? undefined : { text: received.slice(0, length), rest: received.slice(length) }
}

function parseChunks(received: string): ParsedBody {
  let text = ''
  for (let from = 0; ; ) {
    const sizeEnd = received.indexOf('\r\n', from)
    if (sizeEnd < 0) return undefined
    const size = received.slice(from, sizeEnd)
    if (!/^[\da-f]{1,4}$/i.test(size)) return 'invalid'
    const start = sizeEnd + 2
    const end = start + Number.parseInt(size, 16)
    if (received.length < end + 2) return undefined
    if (received.slice(end, end + 2) !== '\r\n') return 'invalid'
    if (end === start) return { text, rest: received.slice(end + 2) }
    text += received.slice(start, end)
    from = end + 2
  }
}
