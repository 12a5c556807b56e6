import { completeSettings } from '../../infra/settings.ts'
import { tokenVariables } from '../../infra/token-variables.ts'
import { sourcesFrom } from '../../lambdas/tokens/source.ts'
import { tokenVerifier } from '../../lambdas/tokens/verifier.ts'
import { settingsIn } from '../../terminal/deploy/settings.ts'
import { testTokens } from '../../tools/deploy/test-tokens.ts'

test('a deployment with the printed settings takes the tokens, each for the name that the tests use', async () => {
  const { settings, tokens } = await testTokens(Date.now())
  const words = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  for (const word of words) expect(word).not.toMatch(/\s|['\\$`]/)
  const { issuer = '', audience = '', tokenKeys: keys = '' } = settingsIn(words)
  const accepted = { issuer, audience, keys }
  const verify = tokenVerifier(sourcesFrom(tokenVariables(accepted, completeSettings({ tokens: accepted }))))
  expect(Object.keys(tokens)).toEqual(['alice', 'bob', 'carol', 'dave', 'erin', 'root'])
  for (const [user, token] of Object.entries(tokens)) expect(await verify(token)).toMatchObject({ user })
  expect(await verify(tokens.root ?? '')).toMatchObject({ name: 'Root', groups: ['chat-admins'] })
})
