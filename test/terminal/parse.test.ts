import { UsageError } from '../../terminal/command/failure.ts'
import type { Options } from '../../terminal/command/options.ts'
import { parse, parseWith, wantsHelp, wantsJson } from '../../terminal/command/parse.ts'

const known = {
  users: { kind: 'number', default: 10, meaning: 'people', whole: true },
  hours: { kind: 'number', default: 8, meaning: 'hours', most: 24 },
  members: { kind: 'number', absent: 'all', meaning: 'people in a room' },
  tier: { kind: 'choice', default: 'off', meaning: 'what is free', choices: ['off', 'on'] },
  url: { kind: 'url', schemes: ['ws:', 'wss:'], default: 'ws://here/chat', meaning: 'where the chat is' },
  from: { kind: 'time', absent: 'the beginning', meaning: 'the first moment' },
  room: { kind: 'text', shown: 'room', default: 'Lobby', meaning: 'the room' },
  loud: { kind: 'flag', meaning: 'louder' },
} as const satisfies Options

describe('options', () => {
  test('have their default if they are not given', () => {
    expect(parse(known, ['--users', '3'])).toEqual({
      users: 3,
      hours: 8,
      members: undefined,
      tier: 'off',
      url: 'ws://here/chat',
      from: undefined,
      room: 'Lobby',
      loud: false,
    })
  })

  test('have their value after a space or an equals sign', () => {
    expect(parse(known, ['--hours=2.5', '--tier', 'on', '--loud', '--room=a=b'])).toMatchObject({
      hours: 2.5,
      tier: 'on',
      loud: true,
      room: 'a=b',
    })
  })

  test.each([
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22T22:33:01Z', '2026-11-22T22:33:01.000Z'],
    ['2026-11-22T22:33:01.123+02:00', '2026-11-22T20:33:01.123Z'],
  ])('accept the time %s as %s', (text, from) => expect(parse(known, ['--from', text]).from).toBe(from))
})

describe('the arguments', () => {
  const time = 'a time such as 2026-11-22T22:33:01Z, or a day such as 2026-11-22'
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
    [['--url', 'here'], '--url must be a URL that begins with ws:// or wss://; it is "here".'],
    [['--url', 'http://here'], '--url must be a URL that begins with ws:// or wss://; it is "http://here".'],
    [['--url', 'ws:here'], '--url must be a URL that begins with ws:// or wss://; it is "ws:here".'],
    [['--url', 'ws://here#a'], '--url must be a URL without a user and without "#"; it is "ws://here#a".'],
    [['--url', 'ws://:pw@here'], '--url must be a URL without a user and without "#"; it is "ws://…@here".'],
    [['--url', 'ws://me:pw@here/a'], '--url must be a URL without a user and without "#"; it is "ws://…@here/a".'],
    [
      ['--url', 'http://here/?token=a.b#c'],
      '--url must be a URL that begins with ws:// or wss://; it is "http://here/?…#c".',
    ],
    [['--from', 'yesterday'], `--from must be ${time}; it is "yesterday".`],
    [['--from', '2026-02-30'], `--from must be ${time}; it is "2026-02-30".`],
    [['--from', '2026-11-22T10:00'], `--from must be ${time}; it is "2026-11-22T10:00".`],
    [['--room', ' '], '--room must not be empty.'],
    [['--users'], '--users needs a value.'],
    [['--users', '--hours', '3'], '--users needs a value.'],
    [['--loud=yes'], '--loud takes no value.'],
    [['--no-loud'], 'There is no option "--no-loud".'],
    [['--people', '3'], 'There is no option "--people".'],
    [['-u', '3'], 'There is no option "-u".'],
    [['--constructor', '3'], 'There is no option "--constructor".'],
    [['--\u001b[2J'], 'There is no option "--\\u{1b}[2J".'],
    [['3'], 'The word "3" belongs to no option. With npm, options must follow "--".'],
    [['--', '--users'], 'The word "--users" belongs to no option. With npm, options must follow "--".'],
    [['--users', '3', '--users', '4'], '--users is given twice.'],
    [['--loud', '--loud'], '--loud is given twice.'],
  ])('%j are refused with an error that names the option', (argv, message) => {
    expect(() => parse(known, argv)).toThrow(new UsageError(message))
  })

  test('without a required option are refused with an error that names it', () => {
    const needed = { room: { kind: 'text', shown: 'room', required: true, meaning: 'name of the room' } } as const
    expect(() => parse(needed, [])).toThrow(new UsageError('--room is missing: name of the room.'))
    expect(parse(needed, ['--room', 'Lobby'])).toEqual({ room: 'Lobby' })
  })
})

describe('words without an option', () => {
  const parts = { name: 'part', meaning: 'what to measure', choices: ['verbs', 'size'] }

  test('are read if a command accepts them', () =>
    expect(parseWith({}, ['size', 'verbs'], parts).words).toEqual(['size', 'verbs']))

  test('are refused if the command does not know them', () =>
    expect(() => parseWith({}, ['sise'], parts)).toThrow(
      new UsageError('There is no part "sise"; there are verbs, size.'),
    ))
})

test('--help and --json are found even if other arguments are wrong, but not after "--"', () => {
  expect([wantsHelp(['--wrong', '--help']), wantsHelp(['-h']), wantsHelp(['--', '--help'])]).toEqual([
    true,
    true,
    false,
  ])
  expect([wantsJson(['extra', '--json']), wantsJson(['--room', 'json'])]).toEqual([true, false])
})
