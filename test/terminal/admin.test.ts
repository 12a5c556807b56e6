import { accountVerbsWith } from '../../terminal/admin/account-verbs.ts'
import { admin } from '../../terminal/admin/main.ts'
import { LocalAccount } from '../support/aws/account.ts'
import { clientId, poolId } from '../support/aws/pool.ts'
import { capturedOutput } from '../support/captured-output.ts'
import { answering } from './answering.ts'

let account: LocalAccount
beforeEach(async () => {
  account = await LocalAccount.start()
  const outputs = { Url: 'wss://chat', UserPoolId: poolId, ClientId: clientId, Issuer: 'https://a?b&c=<d>' }
  account.stacks.set('PersistentChat', { outputs, template: { Resources: {} }, ids: {} })
})
afterEach(() => account.stop())

async function run(argv: string[], answers: readonly string[] = []) {
  const { output, printed } = capturedOutput(argv.includes('--json'))
  const person = answering(answers)
  const [verb = '', ...rest] = argv
  const verbs = accountVerbsWith({ aws: async () => account.caller(), person: () => person })
  const code = await verbs[verb]?.run(rest, output)
  return { code, ...printed(), asked: person.asked }
}

const userOf = (email: string) => account.pool.users.get(email)

describe('create', () => {
  test('makes a user in the group of administrators, which it makes, and has a password mailed', async () => {
    const { code, out, error } = await run(['create', 'alice@example.com', '--name', 'Alice'])
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(userOf('alice@example.com')).toMatchObject({
      attributes: { email: 'alice@example.com', email_verified: 'true', name: 'Alice' },
      groups: ['chat-admins'],
    })
    expect(account.pool.mailed).toEqual(['alice@example.com'])
    expect(out).toContain(`with the id ${userOf('alice@example.com')?.sub} in the chat.`)
  })

  test('makes an ordinary user with --plain', async () => {
    const { out } = await run(['create', 'bob@example.com', '--plain', '--json'])
    const { sub } = userOf('bob@example.com') ?? {}
    expect(JSON.parse(out)).toEqual({ email: 'bob@example.com', user: sub, isNew: true, groups: [] })
    expect(userOf('bob@example.com')?.groups).toEqual([])
  })

  test('puts a user who is there already into the group, and mails nothing', async () => {
    await run(['create', 'alice@example.com', '--plain'])
    const { code, out } = await run(['create', 'alice@example.com', '--group', 'ops', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ isNew: false, groups: ['ops'] })
    expect(userOf('alice@example.com')?.groups).toEqual(['ops'])
    expect(account.pool.mailed).toHaveLength(1)
  })

  test('sets a password that is typed, and mails nothing', async () => {
    await run(['create', 'bot@example.com', '--plain', '--password'], ['correct horse battery'])
    expect(userOf('bot@example.com')).toMatchObject({ password: 'correct horse battery', isTemporary: false })
    expect(account.pool.mailed).toEqual([])
  })

  test('passes on what the pool refuses', async () => {
    const { code, error } = await run(['create', 'bot@example.com', '--password'], ['short'])
    expect(code).toBe(1)
    expect(error).toBe('AWS refuses AdminSetUserPassword (InvalidPasswordException): Password not long enough.\n')
  })

  test.each([
    { argv: ['create'], told: 'The e-mail is missing' },
    { argv: ['create', 'alice'], told: '"alice" is no e-mail address' },
    { argv: ['create', 'a@example.com', 'b@example.com'], told: 'There is one e-mail, and not 2' },
  ])('refuses $argv before it asks AWS for anything', async ({ argv, told }) => {
    const { code, error } = await run(argv)
    expect(code).toBe(2)
    expect(error).toContain(told)
    expect(account.requests).toEqual([])
  })
})

describe('token', () => {
  test('asks for a new password in place of the temporary one, and prints the ID token alone', async () => {
    await run(['create', 'alice@example.com'])
    const { code, out, asked } = await run(['token', 'alice@example.com'], ['Temporary1!', 'correct horse battery'])
    expect({ code, out }).toEqual({ code: 0, out: `id-token-of-${userOf('alice@example.com')?.sub}\n` })
    expect(asked).toEqual(['Password: ', 'New password: '])
    const again = await run(['token', 'alice@example.com', '--json'], ['correct horse battery'])
    expect(JSON.parse(again.out)).toMatchObject({ expiresInSeconds: 3600 })
    expect(again.asked).toEqual(['Password: '])
  })

  test('asks for the code of an authenticator app', async () => {
    await run(['create', 'alice@example.com', '--password'], ['correct horse battery'])
    Object.assign(userOf('alice@example.com') ?? {}, { code: '123456' })
    const { code, asked } = await run(['token', 'alice@example.com'], ['correct horse battery', '123456'])
    expect(code).toBe(0)
    expect(asked).toEqual(['Password: ', 'Code of the authenticator app: '])
  })

  test('reports a wrong password, and an input without one', async () => {
    await run(['create', 'alice@example.com'])
    const wrong = await run(['token', 'alice@example.com'], ['wrong'])
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.error).toContain('(NotAuthorizedException): Incorrect username or password.')
    const none = await run(['token', 'alice@example.com'])
    expect(none.code).toBe(2)
    expect(none.error).toContain('Password is missing')
  })
})

test('find prints the id of a user in the chat', async () => {
  await run(['create', 'alice@example.com'])
  expect((await run(['find', 'alice@example.com'])).out).toBe(`${userOf('alice@example.com')?.sub}\n`)
  const { code, error } = await run(['find', 'bob@example.com'])
  expect({ code, error }).toEqual({ code: 1, error: 'The pool of PersistentChat has no user bob@example.com.\n' })
})

test('a stack that does not exist is named, with the region', async () => {
  const { code, error } = await run(['find', 'alice@example.com', '--stack', 'other'])
  expect(code).toBe(1)
  expect(error).toMatch(/^There is no stack "other" in eu-central-1: /)
})

test('a stack without a pool of its own names the issuer of its users', async () => {
  const outputs = { Url: 'wss://chat', Issuer: 'https://login.example.com/?a=1&b=2' }
  account.stacks.set('other', { outputs, template: { Resources: {} }, ids: {} })
  const { code, error } = await run(['create', 'alice@example.com', '--stack', 'other'])
  expect(code).toBe(1)
  expect(error).toMatch(/has no user pool of its own: .* https:\/\/login\.example\.com\/\?a=1&b=2\.$/m)
})

describe('every verb', () => {
  const ofAccount = ['create', 'token', 'find']
  const overWire = ['suspend', 'unsuspend', 'suspended', 'disconnect', 'erase', 'retention', 'legal-hold']

  test.each([...ofAccount, ...overWire])('%s prints its help, and refuses an unknown option', async (verb) => {
    const { output, printed } = capturedOutput()
    expect(await admin([verb, '--help'], output)).toBe(0)
    expect(printed().out).toMatch(new RegExp(`^Usage: npm run --silent admin -- ${verb} \\[options\\]`))
    expect(await admin([verb, '--tpyo'], output)).toBe(2)
    expect(printed().error).toBe('There is no option "--tpyo". Try --help.\n')
  })
})
