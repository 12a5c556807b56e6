import { defaultProvider } from '../../lambdas/aws/credentials.ts'

const provideFrom = (environment: Record<string, string>) => {
  jest.replaceProperty(process, 'env', environment)
  return defaultProvider()()
}
afterEach(() => jest.restoreAllMocks())

const permanent = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }

test('the credentials of a function come from its environment', async () => {
  expect(await provideFrom(permanent)).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret' })
})

test('temporary credentials have a token and an expiry', async () => {
  const temporary = { ...permanent, AWS_SESSION_TOKEN: 'token', AWS_CREDENTIAL_EXPIRATION: '2000-01-01T00:00:00Z' }
  expect(await provideFrom(temporary)).toEqual({
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    sessionToken: 'token',
    expiration: new Date('2000-01-01T00:00:00Z'),
  })
})

test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('without %s there are no credentials', async (name) => {
  await expect(provideFrom({ ...permanent, [name]: '' })).rejects.toThrow('The environment holds no credentials.')
})
