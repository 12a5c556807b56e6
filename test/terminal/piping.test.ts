import { Readable } from 'node:stream'
import { ChatError, type Message } from '../../client/index.ts'
import { validBody } from '../../client/message.ts'
import { maxLineBytes, numberedLines } from '../../terminal/chat/numbered-lines.ts'
import { sendLines } from '../../terminal/chat/send-lines.ts'
import { ManualClock } from '../client/manual-clock.ts'
import { message } from '../client/scripted-server.ts'
import { capturedOutput } from '../support/captured-output.ts'

/**
 * A session that stores each message one turn of the event loop later, and refuses messages for which `refuse`
 * returns an error.
 */
class SlowSession {
  readonly sent: string[] = []
  /** The maximum number of simultaneous sends. */
  most = 0
  #waiting = 0
  refuse: (text: string) => Error | undefined = () => undefined

  async send(content: string | { text: string }): Promise<Message> {
    const { text } = validBody(content)
    this.most = Math.max(this.most, ++this.#waiting)
    await new Promise((resolve) => setImmediate(resolve))
    this.#waiting--
    const error = this.refuse(text)
    if (error) throw error
    this.sent.push(text)
    return message(this.sent.length, { text })
  }
}

async function piped(
  session: SlowSession,
  chunks: Iterable<string | Buffer>,
  more: { isJson?: boolean; signal?: AbortSignal } = {},
) {
  const { output, printed } = capturedOutput(more.isJson)
  const stored: string[] = []
  const result = await sendLines(session, Readable.from(chunks), output, {
    signal: more.signal ?? new AbortController().signal,
    stored: async ({ text = '' }) => void stored.push(text),
  })
  return { ...result, stored, told: printed().error }
}

const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`)

describe('a pipe of 1,000 lines with one that is too long', () => {
  const all = lines(1000).with(416, 'x'.repeat(5000))
  const others = all.filter((_, at) => at !== 416)

  test('is sent without that line, which is named', async () => {
    const session = new SlowSession()
    const { refused, complete, last, stored, told } = await piped(session, [all.join('\n')])
    expect({ refused, complete, last }).toEqual({ refused: 1, complete: true, last: 1000 })
    expect(session.sent).toEqual(others)
    expect(stored).toEqual(others)
    expect(told).toBe('line 417: A text has at most 4096 bytes, this one 5000.\n')
  })

  test('names the line in JSON for programs', async () => {
    const { told } = await piped(new SlowSession(), [all.join('\n')], { isJson: true })
    expect(JSON.parse(told)).toMatchObject({
      line: 417,
      error: { code: 'invalid', message: expect.stringMatching(/5000/) },
    })
  })

  test('is not read much faster than it is sent', async () => {
    const session = new SlowSession()
    let read = 0
    function* slowly() {
      for (const line of lines(1000)) {
        read++
        expect(read - session.sent.length).toBeLessThan(100)
        yield `${line}\n`
      }
    }
    await piped(session, slowly())
    expect(session.sent).toHaveLength(1000)
    expect(session.most).toBeLessThanOrEqual(20)
  })
})

describe('a pipe', () => {
  test('names each line that the server refuses, with the error code, and sends the others', async () => {
    const session = new SlowSession()
    session.refuse = (text) =>
      text === 'b' ? new ChatError({ code: 'forbidden', message: 'Not\n here.', retryable: false }) : undefined
    expect(await piped(session, ['a\n\n', 'b\nc\n'])).toMatchObject({ refused: 1, told: 'line 3: Not  here.\n' })
    expect(session.sent).toEqual(['a', 'c'])
    const { told } = await piped(session, ['b'], { isJson: true })
    expect(JSON.parse(told)).toEqual({ error: { code: 'forbidden', message: 'Not  here.' }, line: 1 })
  })

  test('that is stopped returns the number of the last line, and all lines up to it are sent', async () => {
    const [session, stopping] = [new SlowSession(), new AbortController()]
    function* endless() {
      for (let nr = 1; ; nr++) {
        if (nr === 50) stopping.abort()
        yield `line ${nr}\n`
      }
    }
    const { complete, last, refused } = await piped(session, endless(), { signal: stopping.signal })
    expect({ complete, refused }).toEqual({ complete: false, refused: 0 })
    expect(session.sent).toEqual(lines(last))
  })
})

describe('the lines of a stream', () => {
  const all = async (chunks: Iterable<string | Buffer>) => {
    const found = []
    for await (const line of numberedLines(Readable.from(chunks), new AbortController().signal)) found.push(line)
    return found
  }

  test('are complete even if chunks end within a line or a character', async () => {
    const bytes = Buffer.from('é☕\r\nb\u2028c\n\nlast')
    for (let size = 1; size <= bytes.length; size++) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      )
      expect((await all(pieces)).map((line) => ('text' in line ? line.text : line.bytes))).toEqual([
        'é☕',
        'b\u2028c',
        '',
        'last',
      ])
    }
  })

  test('that are longer than any message are not kept in memory, and the next one is complete', async () => {
    const piece = Buffer.alloc(1 << 20, 'x')
    expect(await all([...Array(16).fill(piece), '\nnext'])).toEqual([
      { number: 1, bytes: 16 << 20 },
      { number: 2, text: 'next' },
    ])
    expect(await all(['x'.repeat(maxLineBytes)])).toEqual([{ number: 1, text: 'x'.repeat(maxLineBytes) }])
  })
})

describe('bytes that are not UTF-8', () => {
  test('are not sent, and their line is named', async () => {
    const session = new SlowSession()
    const input = Buffer.concat([Buffer.from('one\ntwo '), Buffer.from([0xff]), Buffer.from('\nthree')])
    const { refused, told } = await piped(session, [input])
    expect([session.sent, refused]).toEqual([['one', 'three'], 1])
    expect(told).toBe('line 2: A line must be UTF-8, and this one is not.\n')
  })

  test('do not include a byte order mark, which is removed at the beginning', async () => {
    const session = new SlowSession()
    await piped(session, [Buffer.from('\ufeffone\n\ufefftwo')])
    expect(session.sent).toEqual(['one', '\ufefftwo'])
  })
})

describe('a line that the server never answers', () => {
  const unanswered = { send: () => new Promise<never>(() => undefined) }

  test('is told after ten seconds, and given up ten seconds after a signal', async () => {
    const clock = new ManualClock()
    const { output, printed } = capturedOutput()
    const controller = new AbortController()
    const sending = sendLines(unanswered, Readable.from(['one\ntwo\n']), output, {
      signal: controller.signal,
      stored: async () => undefined,
      clock,
    })
    while (clock.due.length < 2) await clock.pass(0)
    await clock.pass(10_000)
    expect(printed().error).toMatch(/Line 1 is not answered yet[^\n]+\n.*Line 2 is not answered yet/)
    controller.abort()
    while (clock.due.length < 1) await clock.pass(0)
    await clock.pass(10_000)
    expect(await sending).toMatchObject({ last: 2, refused: 2, complete: false })
    expect(printed().error).toMatch(/line 1: The server did not answer/)
  })
})
