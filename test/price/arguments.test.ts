import { spawnSync } from 'node:child_process'
import { type Arguments, BadArgument, help, parse } from '../../price/arguments.ts'

const known = {
  users: { default: 10, meaning: 'people', whole: true },
  hours: { default: 8, meaning: 'hours', most: 24 },
  tier: { default: 'off', meaning: 'what is free', choices: ['off', 'on'] },
} satisfies Arguments

test('what is not given has its default', () => {
  const asked = parse(known, ['--users', '3'])
  expect([asked.number('users'), asked.number('hours'), asked.word('tier')]).toEqual([3, 8, 'off'])
  expect([...asked.given]).toEqual(['users'])
})

test('a value may follow an equals sign', () => expect(parse(known, ['--hours=2.5']).number('hours')).toBe(2.5))

test.each([
  [['--users', '-1'], '--users must be a whole number of at least 0; it is "-1".'],
  [['--users=-1'], '--users must be a whole number of at least 0; it is "-1".'],
  [['--users', 'NaN'], '--users must be a whole number of at least 0; it is "NaN".'],
  [['--users', 'Infinity'], '--users must be a whole number of at least 0; it is "Infinity".'],
  [['--users', '1.5'], '--users must be a whole number of at least 0; it is "1.5".'],
  [['--users', '1,000'], '--users must be a whole number of at least 0; it is "1,000".'],
  [['--users', '0x10'], '--users must be a whole number of at least 0; it is "0x10".'],
  [['--users', '1e999'], '--users must be a whole number of at least 0; it is "1e999".'],
  [['--users', ''], '--users must be a whole number of at least 0; it is "".'],
  [['--hours', '25'], '--hours must be a number from 0 to 24; it is "25".'],
  [['--tier', 'maybe'], '--tier must be one of off, on; it is "maybe".'],
  [['--users'], '--users lacks its value.'],
  [['--users', '--hours', '3'], '--users lacks its value.'],
  [['--people', '3'], 'There is no argument "--people". --help lists them.'],
  [['--constructor', '3'], 'There is no argument "--constructor". --help lists them.'],
  [['3'], 'There is no argument "3". --help lists them.'],
  [['--users', '3', '--users', '4'], '--users is given twice.'],
])('%j is refused, and the argument named', (argv, message) => {
  expect(() => parse(known, argv)).toThrow(new BadArgument(message))
})

test('help tells every argument with its default', () => {
  const text = help('What it does.', known)
  for (const [name, { meaning, default: value }] of Object.entries(known)) {
    expect(text).toContain(`--${name} `)
    expect(text).toContain(`${meaning} (${value})`)
  }
})

const run = (...argv: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', ...argv], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })

test.each(['price/cost.ts', 'price/capacity.ts'])('%s fails in one line on a wrong argument', (file) => {
  const { status, stdout, stderr } = run(file, '--rooms', 'many')
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^--rooms must be .* it is "many"\.\n$/)
})

test.each(['price/cost.ts', 'price/capacity.ts'])('%s answers machines in JSON', (file) => {
  const { status, stdout } = run(file, '--json')
  expect(status).toBe(0)
  expect(Object.keys(JSON.parse(stdout)).length).toBeGreaterThan(1)
})
