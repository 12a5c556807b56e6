import { parseResponse } from '../../lambdas/aws/http-response.ts'

const errorHead = 'HTTP/1.1 410 Gone\r\nx-amzn-ErrorType: GoneException\r\ncontent-length: 4'
const chunkedHead = 'HTTP/1.1 500 No\r\nTransfer-Encoding: chunked'
const closingHead = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0'

test.each([
  ['with a length', `${errorHead}\r\n\r\ngone`, { status: 410, text: `${errorHead}gone`, closes: false }],
  [
    'in chunks',
    `${chunkedHead}\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n`,
    { status: 500, text: `${chunkedHead}hello0123456789`, closes: false },
  ],
  [
    'after an informational one',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204\r\n\r\n',
    { status: 204, text: 'HTTP/1.1 204', closes: false },
  ],
  ['that closes its socket', `${closingHead}\r\n\r\n`, { status: 200, text: closingHead, closes: true }],
])('a response %s is parsed once it is complete', (_, received, response) => {
  for (let end = 0; end < received.length; end++) expect(parseResponse(received.slice(0, end))).toBeUndefined()
  expect(parseResponse(received)).toEqual(response)
})

test('a response with further data behind it closes its socket', () => {
  expect(parseResponse(`${errorHead}\r\n\r\ngone!`)).toMatchObject({ status: 410, closes: true })
})

test('a response is invalid as soon as its framing is', () => {
  expect(parseResponse('HTTP/1.1 200 OK\r\n\r\n')).toBe('invalid')
  expect(parseResponse(`${chunkedHead}\r\n\r\nz\r\n`)).toBe('invalid')
})
