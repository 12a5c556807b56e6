import { awsCaller } from '../../terminal/aws/caller.ts'
import { membersIn, textIn } from '../../terminal/aws/xml.ts'
import { LocalAccount } from '../support/aws/account.ts'

let account: LocalAccount
beforeEach(async () => {
  account = await LocalAccount.start()
})
afterEach(() => account.stop())

const identity = () => account.caller().query('sts', { Action: 'GetCallerIdentity' })

test('a request is signed as the service checks it', async () => {
  expect(textIn(await identity(), 'Account')).toBe('123456789012')
  expect(await account.caller().get('lambda', '/2016-08-19/account-settings/')).toEqual({
    AccountLimit: { ConcurrentExecutions: 1000 },
  })
})

test('a request with another secret is refused, and the refusal says what to do', async () => {
  const other = account.caller('another secret')
  await expect(other.json('ssm', 'GetParameter', { Name: 'any' })).rejects.toThrow(
    'AWS refuses GetParameter (SignatureDoesNotMatch): The signature does not match. The credentials are wrong: check AWS_PROFILE and the keys.',
  )
})

test.each([
  ['ExpiredTokenException', 'Sign in again, as by "aws sso login".'],
  ['AccessDeniedException', 'Use an identity that may do this.'],
])('%s is told with what to do', async (code, hint) => {
  account.refused.set('GetParameter', code)
  account.refused.set('GetCallerIdentity', code)
  await expect(account.caller().json('ssm', 'GetParameter', {})).rejects.toMatchObject({
    code,
    message: `AWS refuses GetParameter (${code}): Not today: <GetParameter>. ${hint}`,
  })
  await expect(identity()).rejects.toMatchObject({
    code,
    message: `AWS refuses GetCallerIdentity (${code}): Not today: <GetCallerIdentity>. ${hint}`,
  })
})

test('an address where nothing listens is told', async () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  const nowhere = awsCaller({ region: 'eu-central-1', credentials }, { endpoint: 'http://127.0.0.1:1' })
  await expect(nowhere.query('sts', { Action: 'GetCallerIdentity' })).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1 cannot be reached: .+\.$/),
  })
})

test('members of a reply are read with their entities, the innermost where they are nested', () => {
  const xml =
    '<S><member><O><member><K>a</K>\n<V>&lt;1 &amp;&#10;2&gt;</V></member><member><K>b</K></member></O></member></S>'
  expect(membersIn(xml).map((member) => [textIn(member, 'K'), textIn(member, 'V')])).toEqual([
    ['a', '<1 &\n2>'],
    ['b', undefined],
  ])
})
