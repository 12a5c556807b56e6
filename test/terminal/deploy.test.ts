import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeFor } from '../../terminal/command/start.ts'
import { deployWith } from '../../terminal/deploy/command.ts'
import { settingsIn } from '../../terminal/deploy/settings.ts'
import { LocalAccount } from '../support/aws/account.ts'
import { poolId } from '../support/aws/pool.ts'
import { capturedOutput } from '../support/captured-output.ts'
import { answering } from './answering.ts'

let account: LocalAccount
beforeEach(async () => {
  account = await LocalAccount.start()
})
afterEach(() => account.stop())

interface Trial {
  answers?: readonly string[]
  isPresent?: boolean
  /** How the CDK ends, by its first argument; 0 by default. */
  ends?: Record<string, number>
  told?: string
  outputs?: Record<string, string>
}

const ofPool = { Url: 'wss://chat.example.com/chat', UserPoolId: poolId, ClientId: 'c', Issuer: 'https://issuer' }

async function run(
  argv: string[],
  { answers = [], isPresent = true, ends = {}, told = '', outputs = ofPool }: Trial = {},
) {
  const { output, printed } = capturedOutput(argv.includes('--json'))
  const runs: string[][] = []
  const person = answering(answers, isPresent)
  const command = deployWith({
    aws: async () => account.caller(),
    person: () => person,
    cdk: async (args) => {
      runs.push([...args])
      const [verb = ''] = args
      const file = args[args.indexOf('--outputs-file') + 1]
      const stack = argv[argv.indexOf('--stack') + 1] ?? ''
      const name = argv.includes('--stack') ? stack : 'PersistentChat'
      if (verb === 'deploy' && file) writeFileSync(file, JSON.stringify({ [name]: outputs }))
      return { code: ends[verb] ?? 0, told }
    },
  })
  const code = await codeFor(command, argv, output)
  return { code, ...printed(), runs, asked: person.asked }
}

const contextOf = (args: readonly string[] = []) => args.filter((_, at) => args[at - 1] === '-c')
const quota = 'accountConcurrency=1000'

test('it looks at the account, makes the template, deploys it, and prints the lines to type next', async () => {
  const outputs = { ...ofPool, Page: 'https://page.example.com' }
  const { code, out, error, runs } = await run(['--yes', 'demo=true'], { outputs, isPresent: false })
  expect(code).toBe(0)
  expect(error).toContain('* Account 123456789012, region eu-central-1.\n')
  expect(runs.map(([verb]) => verb)).toEqual(['synth', 'deploy'])
  expect(contextOf(runs[0])).toEqual([quota, 'demo=true', 'stack=PersistentChat'])
  expect(runs[1]).toEqual(expect.arrayContaining(['--app', runs[0]?.[3], '--require-approval', 'never']))
  expect(out).toContain('The page: https://page.example.com\n')
  expect(out).toContain('  npm run admin -- create you@example.com --name You\n')
  expect(out).toContain('  npm run chat -- --url wss://chat.example.com/chat --room Lobby --create\n')
})

test('the lines name a stack that is not called PersistentChat', async () => {
  const { out, runs } = await run(['--stack', 'chat-dev'])
  expect(contextOf(runs[0])).toEqual([quota, 'stack=chat-dev'])
  expect(out).toContain('token you@example.com --stack chat-dev)')
})

test('a stack with an issuer of its own sends its operator there for the first administrator', async () => {
  const { out } = await run(['issuer=https://login.example.com', 'audience=chat'], {
    outputs: { Url: 'wss://c', Issuer: 'https://login.example.com' },
  })
  expect(out).toContain('Users and tokens are those of https://login.example.com.')
  expect(out).not.toContain('npm run admin')
})

test('with --json the outputs of the stack are the result', async () => {
  expect(JSON.parse((await run(['--json'])).out)).toEqual(ofPool)
})

test('somebody at a terminal is asked by the CDK before rights are widened', async () => {
  const { runs } = await run([], { isPresent: true })
  expect(runs[1]).not.toContain('--require-approval')
})

test('where nobody is at a terminal, rights are widened only with --yes', async () => {
  const { code, error, runs } = await run([], { isPresent: false })
  expect({ code, verbs: runs.map(([verb]) => verb) }).toEqual({ code: 1, verbs: ['synth'] })
  expect(error).toMatch(/nobody can be asked about it: give --yes\. Nothing was changed\.\n$/)
  expect((await run(['--yes'], { isPresent: false })).code).toBe(0)
  expect((await run(['--check'], { isPresent: false })).code).toBe(0)
})

test("the alarm about concurrency is set by the account's quota, unless a setting says otherwise", async () => {
  account.concurrency = 10
  expect(contextOf((await run([])).runs[0])).toContain('accountConcurrency=10')
  const given = contextOf((await run(['accountConcurrency=500'])).runs[0])
  expect(given.filter((one) => one.startsWith('accountConcurrency'))).toEqual(['accountConcurrency=500'])
})

describe('the access log', () => {
  test('is on where the account has the role for it', async () => {
    account.loggingRole = 'arn:aws:iam::123456789012:role/logs'
    expect(contextOf((await run([])).runs[0])).toEqual(['accessLog=true', quota, 'stack=PersistentChat'])
    expect(contextOf((await run(['accessLog=false'])).runs[0])).toEqual([
      quota,
      'accessLog=false',
      'stack=PersistentChat',
    ])
  })

  test('is off where it has none, and refused where it was asked for', async () => {
    expect(contextOf((await run([])).runs[0])).toEqual([quota, 'stack=PersistentChat'])
    const { code, error, runs } = await run(['accessLog=true'])
    expect({ code, runs }).toEqual({ code: 1, runs: [] })
    expect(error).toContain('accessLog=true does not fit: API Gateway has no role')
  })

  test('is off where the identity may not ask', async () => {
    account.refused.set('/account', 'AccessDeniedException')
    const { code, error, runs } = await run([])
    expect(code).toBe(0)
    expect(error).toContain('may not ask for the logging role')
    expect(contextOf(runs[0])).toEqual([quota, 'stack=PersistentChat'])
  })
})

describe('before anything is changed it refuses', () => {
  test('reserved workers in an account with a quota of 10, which a deployment without them does not need', async () => {
    account.concurrency = 10
    const { code, error, runs } = await run(['workers=1'])
    expect({ code, runs }).toEqual({ code: 1, runs: [] })
    expect(error).toContain('workers=1 does not fit: Lambda runs 10 functions at once')
    expect(await run([])).toMatchObject({ code: 0, error: expect.stringContaining('L-B99A9384') })
  })

  test('a setting that the stack does not know', async () => {
    const { code, error } = await run(['worker=20'])
    expect(code).toBe(2)
    expect(error).toBe('There is no setting "worker"; there is workers. Try --help.\n')
    expect(account.requests).toEqual([])
  })

  test.each([
    ['demo', '"demo" is no setting: write it as name=value.'],
    ['stack=other', 'The name of the stack is given with --stack.'],
    ['zzz=1', 'There is no setting "zzz"; the README lists them.'],
  ])('the word %s', (word, told) => expect(() => settingsIn([word])).toThrow(told))

  test('a setting given twice', () =>
    expect(() => settingsIn(['epoch=1', 'epoch=2'])).toThrow('The setting "epoch" is given twice.'))

  test('a value that the template cannot have, in the words of the template', async () => {
    const told =
      'file:///infra/context.ts:12\n      throw\nError: "workers" must be a whole number; it is "many".\n    at whole\n'
    const { code, error, runs } = await run(['demo=true'], { ends: { synth: 1 }, told })
    expect(code).toBe(1)
    expect(error).toContain(
      'The template cannot be made: "workers" must be a whole number; it is "many". Nothing was changed.\n',
    )
    expect(error).not.toContain('at whole')
    expect(runs).toHaveLength(1)
  })

  test('a bootstrap stack that is too old for the CDK', async () => {
    account.bootstrap = '5'
    const { code, error, runs } = await run([])
    expect({ code, runs }).toEqual({ code: 1, runs: [] })
    expect(error).toContain('has the version 5, and the CDK needs 6')
  })

  test('credentials that have expired', async () => {
    account.refused.set('GetCallerIdentity', 'ExpiredToken')
    const { code, error } = await run([])
    expect(code).toBe(1)
    expect(error).toContain('Sign in again')
  })
})

describe('a region that is not prepared for the CDK', () => {
  beforeEach(() => {
    account.bootstrap = undefined
  })

  test('is prepared when somebody says so', async () => {
    const { code, runs, asked } = await run([], { isPresent: true, answers: ['y'] })
    expect(code).toBe(0)
    expect(asked).toEqual([expect.stringContaining('npx cdk bootstrap aws://123456789012/eu-central-1')])
    expect(runs.map(([verb]) => verb)).toEqual(['synth', 'bootstrap', 'deploy'])
  })

  test('is left alone otherwise', async () => {
    for (const trial of [
      { isPresent: true, answers: ['n'] },
      { isPresent: false, answers: ['y'] },
    ]) {
      const { code, error, runs } = await run([], trial)
      expect(code).toBe(1)
      expect(error).toContain('is not prepared for the CDK: run "npx cdk bootstrap aws://123456789012/eu-central-1"')
      expect(runs.map(([verb]) => verb)).toEqual(['synth'])
    }
  })

  test('is prepared with --yes, without a question', async () => {
    const { runs, asked } = await run(['--yes'])
    expect(asked).toEqual([])
    expect(runs.map(([verb]) => verb)).toEqual(['synth', 'bootstrap', 'deploy'])
  })
})

test('--check looks and changes nothing', async () => {
  const { code, error, runs } = await run(['--check', 'demo=true'])
  expect(code).toBe(0)
  expect(error).toContain('Nothing was changed.')
  expect(runs.map(([verb]) => verb)).toEqual(['synth'])
})

test('a deployment that fails says what is left', async () => {
  const { code, error, out } = await run([], { ends: { deploy: 1 } })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(error).toContain('"cdk deploy" ended with 1;')
})

test('every setting of the README can be given', () => {
  const table = readFileSync('README.md', 'utf8').split('| name | meaning | default |')[1]?.split('\n\n')[0] ?? ''
  const cells = table.split('\n').flatMap((row) => /^\| (`.*?) \|/.exec(row)?.[1] ?? [])
  const names = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => String(name)))
  expect(names.length).toBeGreaterThan(20)
  for (const name of names.filter((one) => one !== 'stack')) expect(settingsIn([`${name}=1`])).toEqual({ [name]: '1' })
})

test('every setting that the stack reads can be given', () => {
  const sources = readdirSync('infra')
    .map((file) => join('infra', file))
    .filter((file) => file.endsWith('.ts'))
  const read = sources.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\b(?:read\(|arn\(read, )'(\w+)'/g)])
  const names = new Set(read.map(([, name]) => String(name)))
  expect(names).toContain('permissionsBoundary')
  for (const name of names) expect(settingsIn([`${name}=1`])).toEqual({ [name]: '1' })
})
