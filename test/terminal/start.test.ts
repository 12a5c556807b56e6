import { PassThrough, Writable } from 'node:stream'
import type { Command, Invocation } from '../../terminal/command/command.ts'
import { Failure } from '../../terminal/command/failure.ts'
import { help } from '../../terminal/command/help.ts'
import { json, type Options } from '../../terminal/command/options.ts'
import { Output } from '../../terminal/command/output.ts'
import { codeFor } from '../../terminal/command/start.ts'
import { capturedOutput } from '../support/captured-output.ts'

const options = {
  count: { kind: 'number', default: 3, meaning: 'how many' },
  from: { kind: 'time', absent: 'the beginning', meaning: 'since when' },
  room: { kind: 'text', shown: 'room', required: true, meaning: 'which room' },
  json,
} as const satisfies Options

type Run = (invocation: Invocation<typeof options>) => number

const command = (run: Run): Command<typeof options> => ({
  name: 'example',
  about: 'Does something.',
  options,
  exits: { 3: 'a bad day' },
  examples: ['npm run example -- --room Lobby'],
  run,
})

async function said(run: Run, ...argv: string[]) {
  const { output, printed } = capturedOutput(argv.includes('--json'))
  const code = await codeFor(command(run), argv, output)
  const { out, error } = printed()
  return [code, out, error]
}

const fails = (error: unknown) => () => {
  throw error
}

describe('a command', () => {
  test('prints its help and does nothing else, even where other options are wrong', async () => {
    const [code, out, error] = await said(fails(new Error('It ran.')), '--nonsense', '--help')
    expect([code, error]).toEqual([0, ''])
    for (const part of [
      'Usage: npm run --silent example -- [options]',
      '--count <number>  how many (default: 3)',
      '--from <time>     since when (default: the beginning)',
      '--room <room>     which room (required)',
      '  2  wrong usage',
      '  3  a bad day',
      '  npm run example -- --room Lobby',
    ])
      expect(out).toContain(part)
    expect(out).toBe(`${help(command(() => 0))}\n`)
  })

  test('ends with the exit code that it answers', async () => {
    expect(await said(() => 0, '--room', 'a')).toEqual([0, '', ''])
    expect(await said(() => 130, '--room', 'a')).toEqual([130, '', ''])
  })

  test('that is asked wrongly says so in a line and ends with 2', async () => {
    expect(await said(() => 0)).toEqual([2, '', '--room is missing: which room. Try --help.\n'])
    const message = 'There is no option "--rooms". Try --help.'
    expect(await said(() => 0, '--rooms', '--json')).toEqual([
      2,
      '',
      `${JSON.stringify({ error: { code: 'usage', message } })}\n`,
    ])
  })

  test('that fails says why in a line and ends with 1', async () => {
    const refusal = new Failure('The room says\n\u001b[1mno.', 'forbidden')
    expect(await said(fails(refusal), '--room', 'a')).toEqual([1, '', 'The room says \\u{1b}[1mno.\n'])
    expect(await said(fails(refusal), '--room', 'a', '--json')).toEqual([
      1,
      '',
      '{"error":{"code":"forbidden","message":"The room says \\\\u{1b}[1mno."}}\n',
    ])
  })

  test('that throws an unexpected error shows no stack trace', async () => {
    const [code, out, error] = await said(fails(new TypeError('x is not a function')), '--room', 'a')
    expect([code, out, error]).toEqual([1, '', 'Unexpected: x is not a function\n'])
    const unnamed = new AggregateError([new Error('connect ECONNREFUSED ::1:80'), new Error('and 127.0.0.1:80')])
    const deep = new TypeError('fetch failed', { cause: unnamed })
    expect((await said(fails(deep), '--room', 'a'))[2]).toBe(
      'Unexpected: connect ECONNREFUSED ::1:80; and 127.0.0.1:80\n',
    )
  })
})

describe('the output of a command', () => {
  test('waits for a reader that is slow', async () => {
    const out = new PassThrough({ highWaterMark: 1, encoding: 'utf8' })
    const output = new Output({ out, error: new PassThrough() }, false)
    let isThrough = false
    const printing = output.print('a line').then(() => {
      isThrough = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isThrough).toBe(false)
    expect(out.read()).toBe('a line\n')
    await printing
  })

  test('ends once the reader is gone, and the command learns of it', async () => {
    const lines: string[] = []
    const out = new Writable({
      write(chunk, _, done) {
        lines.push(String(chunk))
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      },
    })
    const output = new Output({ out, error: new PassThrough() }, false)
    await output.print('one')
    if (!output.closed.aborted) await new Promise((resolve) => output.closed.addEventListener('abort', resolve))
    await output.print('two')
    expect(lines).toEqual(['one\n'])
  })
})
