import { Failure } from '../../terminal/command/failure.ts'
import { codeForProgram, type Program } from '../../terminal/command/program.ts'
import { capturedOutput } from '../support/captured-output.ts'

async function outcome(...argv: string[]) {
  const { output, printed } = capturedOutput(argv.includes('--json'))
  const ran: (readonly string[])[] = []
  const program: Program = {
    usage: 'example <command> [options]',
    about: 'Does one of two things.',
    commands: {
      greet: {
        about: 'say hello',
        run: async (rest) => {
          ran.push(rest)
          return 7
        },
      },
      part: { about: 'say goodbye', run: () => Promise.reject(new Failure('It never runs.')) },
    },
  }
  const code = await codeForProgram(program, argv, output)
  const { out, error } = printed()
  return { code, ran, out, error }
}

describe('a program with several commands', () => {
  test('runs the command that the first argument names, with the other arguments', async () => {
    expect(await outcome('greet', '--loud', '--help')).toEqual({
      code: 7,
      ran: [['--loud', '--help']],
      out: '',
      error: '',
    })
    expect((await outcome('greet', 'part')).ran).toEqual([['part']])
  })

  test.each([[['--help']], [['-h']], [['nonsense', '--help']]])('lists its commands for %j', async (argv) => {
    const { code, ran, out, error } = await outcome(...argv)
    expect({ code, ran, error }).toEqual({ code: 0, ran: [], error: '' })
    for (const line of ['Usage: example <command> [options]', '  greet  say hello', '  part   say goodbye'])
      expect(out.split('\n')).toContain(line)
  })

  test.each([
    [['leave'], 'There is no command "leave"'],
    [['toString'], 'There is no command "toString"'],
    [['a\u001b[1m'], 'There is no command "a\\u{1b}[1m"'],
    [[], 'The command is missing'],
    [['--loud', 'greet'], 'The command is missing'],
  ])('reports the wrong usage %j and runs nothing', async (argv, problem) => {
    const error = `${problem}; there are greet, part. Try --help.\n`
    expect(await outcome(...argv)).toEqual({ code: 2, ran: [], out: '', error })
  })

  test('reports wrong usage to programs as JSON', async () => {
    const { code, error } = await outcome('leave', '--json')
    const message = 'There is no command "leave"; there are greet, part. Try --help.'
    expect([code, JSON.parse(error)]).toEqual([2, { error: { code: 'usage', message } }])
  })
})
