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

async function outputOf(run: Run, ...argv: string[]) {
  const { output, printed } = capturedOutput(argv.includes('--json'))
  const code = await codeFor(command(run), argv, output)
  const { out, error } = printed()
  return [code, out, error]
}

const fails = (error: unknown) => () => {
  throw error
}

describe('a command', () => {
  test('only prints its help with --help, even if other options are wrong', async () => {
    const [code, out, error] = await outputOf(fails(new Error('It ran.')), '--nonsense', '--help')
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

  test('exits with the code that it returns', async () => {
    expect(await outputOf(() => 0, '--room', 'a')).toEqual([0, '', ''])
    expect(await outputOf(() => 130, '--room', 'a')).toEqual([130, '', ''])
  })

  test('with wrong options prints one line and exits with 2', async () => {
    expect(await outputOf(() => 0)).toEqual([2, '', '--room is missing: which room. Try --help.\n'])
    const message = 'There is no option "--rooms". Try --help.'
    expect(await outputOf(() => 0, '--rooms', '--json')).toEqual([
      2,
      '',
      `${JSON.stringify({ error: { code: 'usage', message } })}\n`,
    ])
  })

  test('that fails prints the reason in one line and exits with 1', async () => {
    const refusal = new Failure('The room says\n\u001b[1mno.', 'forbidden')
    expect(await outputOf(fails(refusal), '--room', 'a')).toEqual([1, '', 'The room says \\u{1b}[1mno.\n'])
    expect(await outputOf(fails(refusal), '--room', 'a', '--json')).toEqual([
      1,
      '',
      '{"error":{"code":"forbidden","message":"The room says \\\\u{1b}[1mno."}}\n',
    ])
  })

  test('that throws an unexpected error shows no stack trace', async () => {
    const [code, out, error] = await outputOf(fails(new TypeError('x is not a function')), '--room', 'a')
    expect([code, out, error]).toEqual([1, '', 'Unexpected: x is not a function\n'])
    const unnamed = new AggregateError([new Error('connect ECONNREFUSED ::1:80'), new Error('and 127.0.0.1:80')])
    const deep = new TypeError('fetch failed', { cause: unnamed })
    expect((await outputOf(fails(deep), '--room', 'a'))[2]).toBe(
      'Unexpected: connect ECONNREFUSED ::1:80; and 127.0.0.1:80\n',
    )
  })
})

describe('the output of a command', () => {
  test('waits for a slow reader', async () => {
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

  test('ends when the reader is gone, which the command can see', async () => {
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
