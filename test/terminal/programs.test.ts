import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const run = (program: string, ...argv: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...program.split(' '), ...argv], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', DATA: '', DYNAMODB_ENDPOINT: '', ROOMS_TABLE: '', CHAT_TOKEN: '' },
  })
  return [status, stdout, stderr]
}

const programs = {
  chat: 'terminal/main.ts chat',
  export: 'terminal/main.ts export',
  redrive: 'terminal/main.ts redrive',
  deploy: 'terminal/main.ts deploy',
  destroy: 'terminal/main.ts destroy',
  verify: 'terminal/main.ts verify',
  smoke: 'terminal/main.ts smoke',
  restore: 'terminal/main.ts restore',
  dump: 'terminal/main.ts dump',
  load: 'terminal/main.ts load',
  traffic: 'tools/load/load.ts',
  bench: 'tools/bench/main.ts',
  cost: 'tools/price/cost.ts',
  capacity: 'tools/price/capacity.ts',
  watching: 'tools/price/watch.ts',
  scale: 'tools/scale/main.ts',
}

describe.each(Object.entries(programs))('npm run %s', (name, program) => {
  test('prints its help on standard output', () => {
    const [status, stdout, stderr] = run(program, '--help')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(new RegExp(`^Usage: npm run --silent ${name} `))
    expect(stdout).toMatch(/^Exit codes:$/m)
  })

  test.each([['--tpyo', '3'], ['surplus']])('refuses %s with one sentence', (...argv) => {
    const [status, stdout, stderr] = run(program, ...argv)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^There is no option|The word "surplus"|There is no part "surplus"|"surplus" is no setting/)
    expect(stderr).toMatch(/^[^\n]+\. Try --help\.\n$/)
  })
})

test.each(['tools/price/cost.ts', 'tools/price/capacity.ts'])('%s refuses an invalid number', (file) => {
  const told = '--rooms must be a number of at least 0; it is "many". Try --help.\n'
  const [status, stdout, stderr] = run(file, '--rooms', 'many')
  expect([status, stdout]).toEqual([2, ''])
  expect(String(stderr).replace('whole number', 'number')).toBe(told)
})

test.each(['tools/price/cost.ts', 'tools/price/capacity.ts'])('%s prints JSON for programs', (file) => {
  const [status, stdout] = run(file, '--json')
  expect(status).toBe(0)
  expect(Object.keys(JSON.parse(String(stdout))).length).toBeGreaterThan(1)
})

test('a program exits without an error when the reader of its output is gone', () => {
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', `${process.execPath} --import tsx tools/price/cost.ts | true; echo done`],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  )
  expect([stdout, stderr]).toEqual(['done\n', ''])
})

test('redrive requires both a queue and a function, and names the missing one', () => {
  expect(run(programs.redrive, '--queue', 'https://queue')[2]).toBe('--queue needs --function as well. Try --help.\n')
  expect(run(programs.redrive, '--function', 'f')[2]).toBe('--function needs --queue as well. Try --help.\n')
})

test('redrive reports that no local run is reachable', () => {
  const [status, stdout, stderr] = run(programs.redrive, '--local', 'http://127.0.0.1:1', '--json')
  expect([status, stdout]).toEqual([1, ''])
  expect(JSON.parse(String(stderr))).toMatchObject({ error: { code: 'unreachable' } })
})

describe('terminal/main.ts', () => {
  const main = 'terminal/main.ts'
  const commands = [
    'chat',
    'export',
    'redrive',
    'deploy',
    'admin',
    'destroy',
    'verify',
    'smoke',
    'restore',
    'dump',
    'load',
  ]

  test('lists its commands with --help', () => {
    const [status, stdout, stderr] = run(main, '--help')
    expect([status, stderr]).toEqual([0, ''])
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} +[a-z]`, 'm'))
  })

  test('reports an unknown command and exits with 2', () => {
    const problem = `There is no command "talk"; there are ${commands.join(', ')}. Try --help.\n`
    expect(run(main, 'talk')).toEqual([2, '', problem])
  })

  test('runs the commands of the npm scripts', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    for (const name of commands) expect(scripts[name]).toBe(`node --import tsx ${main} ${name}`)
  })
})

describe('npm run admin', () => {
  const verbs = [
    'create',
    'token',
    'find',
    'suspend',
    'unsuspend',
    'suspended',
    'disconnect',
    'erase',
    'retention',
    'legal-hold',
  ]

  test('lists its verbs with --help, and names them where one is unknown', () => {
    const [status, stdout, stderr] = run('terminal/main.ts admin', '--help')
    expect([status, stderr]).toEqual([0, ''])
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb} +[a-z]`, 'm'))
    const problem = `There is no command "talk"; there are ${verbs.join(', ')}. Try --help.\n`
    expect(run('terminal/main.ts admin', 'talk')).toEqual([2, '', problem])
  })
})

test('deploy without credentials says what to do, and shows no stack trace', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'terminal/main.ts', 'deploy'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: '/nowhere', AWS_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true' },
  })
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(
    /^There are no AWS credentials \([^\n]+\): run "aws configure" or "aws sso login", or set AWS_PROFILE\.\n$/,
  )
})
